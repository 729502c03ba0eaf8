using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// The one place that knows where things lie on disk; the layout is Ollama's own. Paths are made of parsed values
/// only: neither a <see cref="Digest"/> nor a <see cref="ModelName"/> can hold a separator or a lone <c>..</c>.
/// </summary>
public sealed class StorePaths
{
    private const string BlobPrefix = "sha256-";
    private const string OldBlobPrefix = "sha256:";
    private const string TemporarySuffix = ".tmp";
    private const string PartialSuffix = "-partial";

    /// <summary>Takes the store's directory, which need not exist yet.</summary>
    public StorePaths(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        Root = Path.GetFullPath(directory);
        Blobs = Path.Combine(Root, "blobs");
        Manifests = Path.Combine(Root, "manifests");
        Records = Path.Combine(Root, ".records");
        Files = Path.Combine(Root, ".files");
        ShippedModels = Path.Combine(Root, ".shipped-models");
        Lock = Path.Combine(Root, ".lock");
        Summaries = Path.Combine(Root, ".summaries");
    }

    /// <summary>The store's directory.</summary>
    public string Root { get; }

    /// <summary>Content, one file per digest.</summary>
    public string Blobs { get; }

    /// <summary>Manifests, four levels deep: host, namespace, model, tag.</summary>
    public string Manifests { get; }

    /// <summary>Records that outlive a request; Ollama ignores the folder.</summary>
    public string Records { get; }

    /// <summary>What clients handed in or are given; Ollama ignores the folder.</summary>
    public string Files { get; }

    /// <summary>Names of the shipped models that were registered once; Ollama ignores the file.</summary>
    public string ShippedModels { get; }

    /// <summary>The file that a process locks while it changes the set of models; Ollama ignores it.</summary>
    public string Lock { get; }

    /// <summary>What the list of models says of them, so that it is read once; Ollama ignores the file.</summary>
    public string Summaries { get; }

    /// <summary>Where a blob lies.</summary>
    public string Blob(Digest digest) => Path.Combine(Blobs, BlobPrefix + digest.Hex);

    /// <summary>
    /// Where a blob is gathered while it comes from a registry; records of its ranges lie beside it, with a number
    /// added. The names are Ollama's, so that either continues what the other began.
    /// </summary>
    public string PartialBlob(Digest digest) => Blob(digest) + PartialSuffix;

    /// <summary>The file that the record of a range belongs to; the file itself when it is no record of one.</summary>
    public static string GatheredFile(string path)
    {
        var suffix = path.LastIndexOf(PartialSuffix + "-", StringComparison.Ordinal);
        return suffix < 0 || !File.Exists(path[..(suffix + PartialSuffix.Length)])
            ? path
            : path[..(suffix + PartialSuffix.Length)];
    }

    /// <summary>
    /// A new name for content that is not verified yet. It begins like a blob's, so that a stock Ollama removes what a
    /// crash left behind, and is too short to be one.
    /// </summary>
    public string NewTemporaryBlob() => Path.Combine(Blobs, BlobPrefix + Guid.NewGuid().ToString("N"));

    /// <summary>Where the manifest of exactly this spelling lies.</summary>
    public string Manifest(ModelName name) =>
        Path.Combine(Manifests, name.Host, name.Namespace, name.Model, name.Tag);

    /// <summary>
    /// A new name for a manifest that is not complete yet. It lies beside the four levels, so that nobody lists it.
    /// </summary>
    public string NewTemporaryManifest() => Path.Combine(Manifests, Guid.NewGuid().ToString("N") + TemporarySuffix);

    /// <summary>
    /// All unfinished files: those that begin like a blob and are none, such as parts of a download or what Ollama
    /// left, and manifests under a name that this class gave.
    /// </summary>
    public IEnumerable<string> EnumerateTemporary()
    {
        var manifests = Directory.Exists(Manifests) ? Directory.EnumerateFiles(Manifests, "*" + TemporarySuffix) : [];
        return EnumerateFiles(BlobPrefix).Where(path => !Digest.TryParse(Path.GetFileName(path), out _))
            .Concat(manifests.Where(path => IsGuid(Path.GetFileName(path)[..^TemporarySuffix.Length])));
    }

    /// <summary>Blobs under the names that Ollama gave them long ago, with a colon.</summary>
    public IEnumerable<(string Path, Digest Digest)> EnumerateOldBlobs()
    {
        foreach (var path in EnumerateFiles(OldBlobPrefix))
        {
            if (Digest.TryParse(Path.GetFileName(path), out var digest))
            {
                yield return (path, digest);
            }
        }
    }

    /// <summary>All files with the name of a blob.</summary>
    public IEnumerable<(string Path, Digest Digest)> EnumerateBlobs()
    {
        foreach (var path in EnumerateFiles(BlobPrefix))
        {
            if (Digest.TryParse(Path.GetFileName(path), out var digest) && path == Blob(digest))
            {
                yield return (path, digest);
            }
        }
    }

    private IEnumerable<string> EnumerateFiles(string prefix) =>
        Directory.Exists(Blobs) ? Directory.EnumerateFiles(Blobs, prefix + "*") : [];

    private static bool IsGuid(string text) => Guid.TryParseExact(text, "N", out _);
}
