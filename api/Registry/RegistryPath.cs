using System.Diagnostics.CodeAnalysis;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Registry;

/// <summary>What a path below <c>/v2/</c> names. The repository's name is not checked yet.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Repository">The repository as the client wrote it; empty where the path names none.</param>
/// <param name="Reference">The tag, digest or upload; empty where the path names none.</param>
internal sealed record RegistryPath(RegistryPathKind Kind, string Repository = "", string Reference = "")
{
    /// <summary>Reads what follows <c>/v2/</c>; false when it names nothing.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RegistryPath? path)
    {
        // The name may have any number of parts, so that the path is read from its end.
        var parts = text.Split('/');
        path = parts switch
        {
            [""] => new(RegistryPathKind.Root),
            ["_catalog"] => new(RegistryPathKind.Catalog),
            [_, .., "tags", "list"] => new(RegistryPathKind.Tags, Join(parts[..^2])),
            [_, .., "manifests", var reference] => new(RegistryPathKind.Manifest, Join(parts[..^2]), reference),
            [_, .., "blobs", "uploads"] or [_, .., "blobs", "uploads", ""] =>
                new(RegistryPathKind.Uploads, Join(parts[..Array.LastIndexOf(parts, "blobs")])),
            [_, .., "blobs", "uploads", var id] => new(RegistryPathKind.Upload, Join(parts[..^3]), id),
            [_, .., "blobs", var digest] => new(RegistryPathKind.Blob, Join(parts[..^2]), digest),
            _ => null,
        };
        return path is not null;
    }

    /// <summary>
    /// The model of a repository: <c>model</c>, <c>namespace/model</c>, or <c>host/namespace/model</c> for models that
    /// came from elsewhere; false when a part breaks the grammar of names.
    /// </summary>
    public static bool TryName(string repository, string tag, [NotNullWhen(true)] out ModelName? name)
    {
        var full = repository.Split('/') switch
        {
            [var model] => $"{ModelName.DefaultHost}/{ModelName.DefaultNamespace}/{model}:{tag}",
            [var owner, var model] => $"{ModelName.DefaultHost}/{owner}/{model}:{tag}",
            [var host, var owner, var model] => $"{host}/{owner}/{model}:{tag}",
            _ => null,
        };

        // Blanks and schemes, which names of users may have, have no place in a path.
        return ModelName.TryParse(full, out name) && name.ToString() == full;
    }

    /// <summary>The repository of a model, as the catalog lists it.</summary>
    public static string RepositoryOf(ModelName name) => name.Host == ModelName.DefaultHost
        ? $"{name.Namespace}/{name.Model}"
        : $"{name.Host}/{name.Namespace}/{name.Model}";

    private static string Join(string[] parts) => string.Join('/', parts);
}

/// <summary>The kinds of paths.</summary>
internal enum RegistryPathKind
{
    /// <summary><c>/v2/</c>: the protocol is spoken here.</summary>
    Root,

    /// <summary><c>_catalog</c>: all repositories.</summary>
    Catalog,

    /// <summary><c>NAME/tags/list</c>.</summary>
    Tags,

    /// <summary><c>NAME/manifests/REFERENCE</c>.</summary>
    Manifest,

    /// <summary><c>NAME/blobs/DIGEST</c>.</summary>
    Blob,

    /// <summary><c>NAME/blobs/uploads/</c>: where uploads begin.</summary>
    Uploads,

    /// <summary><c>NAME/blobs/uploads/ID</c>.</summary>
    Upload,
}
