using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Routing;

/// <summary>Stands around every route of a dialect and turns what was thrown into its refusals.</summary>
internal sealed partial class RouteGuard(RunningRequests requests, ILogger<RouteGuard> logger)
{
    /// <summary>The route as the server calls it.</summary>
    /// <param name="route">The route, whose words apply.</param>
    /// <param name="handle">Answers a request.</param>
    /// <param name="reply">
    /// Writes a refusal in the dialect's form; the last argument is the content type that Ollama has for it.
    /// </param>
    public RequestDelegate Around(
        RouteKind route,
        Func<ApiRequest, Task> handle,
        Func<ApiRequest, ErrorReply, string, Task> reply) => async context =>
    {
        var request = new ApiRequest(context, route);
        context.Features.Set(request);
        try
        {
            using var running = requests.Enter(RequestId.Settle(context), context.RequestAborted);
            request.Start(running);
            await handle(request);
        }
        catch (ModelException exception) when (!context.Response.HasStarted)
        {
            await RefuseAsync(request, exception, reply);
        }
        catch (ApiException exception) when (!context.Response.HasStarted)
        {
            request.EndWork();
            var refusal = ErrorTable.Ollama(exception.Code, exception.Detail);
            await reply(request, refusal with { Field = exception.Field ?? refusal.Field }, MediaTypes.Json);
        }
        catch (BlobStorageException exception) when (!context.Response.HasStarted)
        {
            request.EndWork();
            await reply(request, Refuse(request, exception), MediaTypes.Json);
        }
        catch (OperationCanceledException exception) when (request.IsCanceled)
        {
            await EndCanceledAsync(request, exception, reply);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Log.ClientLeft(logger, context.Request.Path);
            if (!context.Response.HasStarted)
            {
                // Nobody reads it; the status is for access logs and metrics.
                var canceled = new Refusal(ModelErrorCode.Canceled, request.Model, null);
                context.Response.StatusCode = ErrorTable.Ollama(canceled, route, request.Model).Status;
            }
        }
    };

    /// <summary>Notes a refusal that is the server's fault, once, with what caused it.</summary>
    public void Report(ApiRequest request, ModelException exception, ErrorReply reply)
    {
        request.HasFailed = reply.Status >= StatusCodes.Status500InternalServerError && !IsMistake(exception);
        Report(request.Context.Request.Path, exception, reply);
    }

    /// <summary>Notes a refusal of work that goes on without its request.</summary>
    public void Report(string path, ModelException exception, ErrorReply reply)
    {
        if (reply.Status == StatusCodes.Status500InternalServerError && !IsMistake(exception))
        {
            Log.Failed(logger, path, exception.Refusal.Code, exception);
        }
        else
        {
            Log.Refused(logger, path, exception.Refusal.Code);
        }
    }

    /// <summary>A failure of the store, noted once: the disk's own words are what helps.</summary>
    public ErrorReply Refuse(ApiRequest request, BlobStorageException exception)
    {
        request.HasFailed = true;
        Log.StoreFailed(logger, request.Context.Request.Path, exception);
        return new ErrorReply(StatusCodes.Status500InternalServerError, exception.Message);
    }

    /// <summary>A refusal in this dialect.</summary>
    public static ErrorReply Translate(ApiRequest request, ModelException exception) =>
        ErrorTable.Ollama(exception.Refusal, request.Route, request.Model);

    // The wire answers some mistakes of a request with 500, too; those are no news to an operator.
    private static bool IsMistake(ModelException exception) => exception.Refusal.Code
        is ModelErrorCode.OptionInvalid or ModelErrorCode.FormatInvalid or ModelErrorCode.Unsupported
        or ModelErrorCode.TransferFailed or ModelErrorCode.ModelNotFound;

    private async Task RefuseAsync(
        ApiRequest request, ModelException exception, Func<ApiRequest, ErrorReply, string, Task> reply)
    {
        request.EndWork();
        var refusal = Translate(request, exception);
        Report(request, exception, refusal);
        var ofStream = request.IsStream && ErrorTable.IsOfRun(exception.Refusal.Code);
        await reply(request, refusal, ofStream ? MediaTypes.JsonBeforeStream : MediaTypes.Json);
    }

    private async Task EndCanceledAsync(
        ApiRequest request, OperationCanceledException cause, Func<ApiRequest, ErrorReply, string, Task> reply)
    {
        if (request.Context.Response.HasStarted)
        {
            // What has begun cannot be taken back, and must not pass for a whole answer.
            request.Context.Abort();
            return;
        }

        var refusal = new Refusal(ModelErrorCode.Canceled, request.Model, null);
        await RefuseAsync(request, new ModelException(refusal, cause), reply);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The client of {Path} left.")]
        public static partial void ClientLeft(ILogger logger, string path);

        [LoggerMessage(LogLevel.Debug, "A request for {Path} was refused: {Code}.")]
        public static partial void Refused(ILogger logger, string path, ModelErrorCode code);

        [LoggerMessage(LogLevel.Warning, "A request for {Path} failed: {Code}.")]
        public static partial void Failed(ILogger logger, string path, ModelErrorCode code, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The store refused a request for {Path}.")]
        public static partial void StoreFailed(ILogger logger, string path, Exception exception);
    }
}
