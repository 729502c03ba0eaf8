using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Registry;

/// <summary>Manifests: read by tag or digest, written and deleted by tag, deleted by digest.</summary>
internal sealed class ManifestsRoute(IManifests manifests, ILibrary library)
{
    // As long as a manifest may be on disk.
    private const long BytesMax = 4 * 1024 * 1024;

    /// <summary>GET and HEAD.</summary>
    public async Task ReadAsync(RegistryRequest request)
    {
        var reference = request.Path.Reference;
        var manifest = IsDigest(reference)
            ? await FindAllAsync(request, RegistryRequest.ParseDigest(reference)).FirstOrDefaultAsync(request.Aborted)
            : await manifests.FindAsync(request.Name(reference), request.Aborted);
        if (manifest is null)
        {
            throw new RegistryException(RegistryErrorCode.ManifestUnknown, reference);
        }

        if (!IsDigest(reference) && OciForm.IsAskedFor(request.Context.Request))
        {
            manifest = OciForm.Of(manifest) ?? manifest;
        }

        var response = request.Context.Response;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        request.SetDigest(manifest.Digest);
        var tag = $"\"{manifest.Digest}\"";
        response.Headers.ETag = tag;
        if (EntityTags.IsKnown(request.Context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = manifest.MediaType;
        response.ContentLength = manifest.Bytes.Length;
        if (HttpMethods.IsGet(request.Context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(manifest.Bytes, request.Aborted);
        }
    }

    /// <summary>PUT. The blobs must be here; the bytes are kept as they are.</summary>
    public async Task WriteAsync(RegistryRequest request)
    {
        if (IsDigest(request.Path.Reference))
        {
            // A model without a name could never be listed, served or deleted.
            throw new RegistryException(RegistryErrorCode.TagInvalid, "a manifest is written under a tag");
        }

        var name = request.Name(request.Path.Reference);
        var bytes = await RequestBody.ReadAsync(request.Context, BytesMax, request.Aborted);
        var written = await manifests.WriteAsync(name, bytes, request.Aborted);
        request.Reply(
            StatusCodes.Status201Created, request.AbsoluteAddress($"manifests/{written.Digest}"), written.Digest);
    }

    /// <summary>DELETE, of one tag or of all that carry the digest.</summary>
    public async Task DeleteAsync(RegistryRequest request)
    {
        var reference = request.Path.Reference;
        var names = IsDigest(reference)
            ? await FindAllAsync(request, RegistryRequest.ParseDigest(reference)).Select(found => found.Name)
                .ToListAsync(request.Aborted)
            : [request.Name(reference)];
        var deleted = false;
        foreach (var name in names)
        {
            deleted |= await library.DeleteAsync(name, request.Aborted);
        }

        if (!deleted)
        {
            throw new RegistryException(RegistryErrorCode.ManifestUnknown, reference);
        }

        request.Reply(StatusCodes.Status202Accepted);
    }

    private static bool IsDigest(string reference) => reference.Contains(':');

    /// <summary>The manifests of a repository that have a digest in one form or the other, one at a time.</summary>
    private async IAsyncEnumerable<ManifestContent> FindAllAsync(RegistryRequest request, Digest digest)
    {
        var repository = RegistryPath.RepositoryOf(request.Name(ModelName.DefaultTag));
        foreach (var name in await manifests.ListAsync(request.Aborted))
        {
            if (RegistryPath.RepositoryOf(name).Equals(repository, StringComparison.OrdinalIgnoreCase)
                && await manifests.FindAsync(name, request.Aborted) is { } manifest
                && (manifest.Digest == digest ? manifest : OciForm.Of(manifest)) is { } found
                && found.Digest == digest)
            {
                yield return found;
            }
        }
    }
}
