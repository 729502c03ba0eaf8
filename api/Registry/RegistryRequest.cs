using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Registry;

/// <summary>One request of the registry's routes. Lives on the request's task.</summary>
internal sealed class RegistryRequest(HttpContext context, RegistryPath path)
{
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string DigestHeader = "Docker-Content-Digest";

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Context { get; } = context;

    /// <summary>What the path names.</summary>
    public RegistryPath Path { get; } = path;

    /// <summary>The client went away.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>A parameter of the query; null when it is not there.</summary>
    public string? Query(string name) =>
        Context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The model that the path means, with this tag.</summary>
    /// <exception cref="RegistryException">It is none.</exception>
    public ModelName Name(string tag)
    {
        if (!RegistryPath.TryName(Path.Repository, ModelName.DefaultTag, out _))
        {
            throw new RegistryException(RegistryErrorCode.NameInvalid, Path.Repository);
        }

        return RegistryPath.TryName(Path.Repository, tag, out var name)
            ? name
            : throw new RegistryException(RegistryErrorCode.TagInvalid, tag);
    }

    /// <summary>Reads a digest.</summary>
    /// <exception cref="RegistryException">It is none.</exception>
    public static Digest ParseDigest(string? text) => Digest.TryParse(text, out var digest)
        ? digest
        : throw new RegistryException(RegistryErrorCode.DigestInvalid, text);

    /// <summary>
    /// An address of this repository as the client reaches it. Ollama follows only whole addresses in answers to
    /// uploads.
    /// </summary>
    public string AbsoluteAddress(string rest)
    {
        var request = Context.Request;
        var forwarded = request.Headers[ForwardedProto].ToString();
        var scheme = forwarded is "http" or "https" ? forwarded : request.Scheme;
        return $"{scheme}://{request.Host}{Address(rest)}";
    }

    /// <summary>An address of this repository on this server.</summary>
    public string Address(string rest) => $"/v2/{Path.Repository}/{rest}";

    /// <summary>Answers without a body.</summary>
    public void Reply(int status, string? location = null, Digest? digest = null)
    {
        var response = Context.Response;
        response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = 0;
        }

        if (location is not null)
        {
            response.Headers.Location = location;
        }

        SetDigest(digest);
    }

    /// <summary>Names the content that the answer is about.</summary>
    public void SetDigest(Digest? digest)
    {
        if (digest is { } known)
        {
            Context.Response.Headers[DigestHeader] = known.ToString();
        }
    }
}
