using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary>
/// <c>HEAD</c> and <c>POST /api/blobs/:digest</c>: whether content is here, and bringing it. A body is passed on as it
/// arrives, whatever its length.
/// </summary>
internal sealed class BlobsRoute(IBlobs blobs)
{
    /// <summary>The route's variable.</summary>
    public const string DigestKey = "digest";

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var context = request.Context;
        if (!Digest.TryParse(context.Request.RouteValues[DigestKey] as string, out var digest))
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, detail: "invalid digest format");
        }

        context.Response.StatusCode = HttpMethods.IsHead(context.Request.Method)
            ? await FindAsync(digest, request.Aborted)
            : await StoreAsync(context, digest, request.Aborted);
    }

    private async Task<int> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        await blobs.HasAsync(digest, cancellationToken) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;

    private async Task<int> StoreAsync(HttpContext context, Digest digest, CancellationToken cancellationToken)
    {
        RequestBody.LiftLimit(context);
        try
        {
            return await blobs.WriteAsync(digest, context.Request.Body, cancellationToken)
                ? StatusCodes.Status201Created
                : StatusCodes.Status200OK;
        }
        catch (BlobMismatchException failure)
        {
            throw new ModelException(new Refusal(ModelErrorCode.RequestInvalid, null, failure.Message), failure);
        }
        catch (IOException failure) when (failure is not BlobStorageException)
        {
            // The connection was cut, or the client was slower than the server waits.
            throw new ApiException(ApiErrorCode.BodyIncomplete);
        }
    }
}
