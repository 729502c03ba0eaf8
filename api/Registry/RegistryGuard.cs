using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Registry;

/// <summary>Stands around the registry's routes and turns refusals into the distribution protocol's bodies.</summary>
internal sealed partial class RegistryGuard(ILogger<RegistryGuard> logger)
{
    /// <summary>Runs a route.</summary>
    public async Task RunAsync(HttpContext context, Func<Task> handle)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            await handle();
        }
        catch (Exception failure) when (!context.Response.HasStarted && Translate(context, failure) is { } refusal)
        {
            await RefuseAsync(context, refusal);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException
            && context.RequestAborted.IsCancellationRequested)
        {
            // The client left; what it sent of an upload stays.
        }
    }

    private RegistryException? Translate(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case RegistryException refusal:
                return refusal;
            case ApiException { Code: ApiErrorCode.BodyTooLarge }:
                return new RegistryException(RegistryErrorCode.SizeInvalid);
            case ApiException or BadHttpRequestException:
                return new RegistryException(RegistryErrorCode.BodyIncomplete);
            case BlobMismatchException mismatch:
                return new RegistryException(RegistryErrorCode.DigestInvalid, mismatch.Message);
            case BlobMissingException missing:
                return new RegistryException(RegistryErrorCode.ManifestBlobUnknown, missing.Digest.ToString());
            case ModelException { Refusal.Code: ModelErrorCode.ModelFileInvalid } invalid:
                // One that the disk damaged is none, in lists as well; whoever reads it has made no mistake.
                return new RegistryException(
                    HttpMethods.IsPut(context.Request.Method)
                        ? RegistryErrorCode.ManifestInvalid
                        : RegistryErrorCode.ManifestUnknown,
                    invalid.Refusal.Detail);
            case IOException and not BlobStorageException when context.RequestAborted.IsCancellationRequested:
                return null;
            case IOException or UnauthorizedAccessException or ModelException:
                Log.Failed(logger, context.Request.Path, failure);
                return new RegistryException(
                    RegistryErrorCode.Unavailable, failure is BlobStorageException ? failure.Message : null);
            default:
                return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, RegistryException refusal)
    {
        var (status, code, message) = RegistryErrorTable.Of(refusal.Code);
        return JsonReply.WriteAsync(
            context, status, MediaTypes.Json, new RegistryRefusal([new RegistryError(code, message, refusal.Detail)]),
            RegistryJson.Default.RegistryRefusal, context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The registry could not serve {Path}.")]
        public static partial void Failed(ILogger logger, string path, Exception exception);
    }
}
