using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.Api.Registry;

/// <summary>Blobs: read whole or in ranges.</summary>
internal sealed class BlobContentRoute(IBlobs blobs)
{
    private const string ContentType = "application/octet-stream";
    private const string Unit = "bytes=";

    /// <summary>GET and HEAD.</summary>
    public async Task ReadAsync(RegistryRequest request)
    {
        var digest = RegistryRequest.ParseDigest(request.Path.Reference);
        var content = await blobs.OpenReadAsync(digest, request.Aborted)
            ?? throw new RegistryException(RegistryErrorCode.BlobUnknown, digest.ToString());
        await using (content)
        {
            // Ollama asks for a direct address and fails without one, even when the content comes at once.
            request.Context.Response.Headers.Location = request.Address($"blobs/{digest}");
            request.SetDigest(digest);

            // Units that nobody knows are ignored, as HTTP has it.
            var range = request.Context.Request.Headers.Range.ToString();
            await TypedResults.Stream(
                content, ContentType, entityTag: new EntityTagHeaderValue($"\"{digest}\""),
                enableRangeProcessing: range.Length == 0 || range.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
                .ExecuteAsync(request.Context);
        }
    }
}
