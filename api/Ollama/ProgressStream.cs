using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary>
/// Sends the steps of a create, pull or push: a line for each as it happens, or the last one alone. A failure before
/// the first line has a status of its own; a later one is a line.
/// </summary>
internal sealed class ProgressStream(RouteGuard guard)
{
    /// <summary>Runs the steps to their end.</summary>
    public async Task WriteAsync(ApiRequest request, IAsyncEnumerable<TransferProgress> steps)
    {
        try
        {
            await (request.IsStream ? StreamAsync(request, steps) : CollectAsync(request, steps));
        }
        catch (Exception failure) when (
            !request.Context.Response.HasStarted && Translate(request, failure) is { } reply)
        {
            await ReplyAsync(request, reply.Status, new ErrorLine(reply.Message));
        }
    }

    private async Task StreamAsync(ApiRequest request, IAsyncEnumerable<TransferProgress> steps)
    {
        await using var reader = steps.GetAsyncEnumerator(request.Aborted);

        // Pull the first step before the status line: the request may still be refused.
        var any = await reader.MoveNextAsync();
        using var writer = NdjsonWriter.Start(request.Context.Response);
        try
        {
            for (; any; any = await reader.MoveNextAsync())
            {
                await writer.WriteLineAsync(ToWire(reader.Current), WireJson.Default.ProgressLine, request.Aborted);
            }
        }
        catch (Exception failure) when (request.Context.Response.HasStarted && Translate(request, failure) is { } reply)
        {
            await writer.WriteLineAsync(new ErrorLine(reply.Message), WireJson.Default.ErrorLine, request.Aborted);
        }
    }

    private static async Task CollectAsync(ApiRequest request, IAsyncEnumerable<TransferProgress> steps)
    {
        TransferProgress? last = null;
        await foreach (var step in steps.WithCancellation(request.Aborted))
        {
            last = step;
        }

        await JsonReply.WriteAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.JsonBeforeStream,
            ToWire(last ?? new TransferProgress("success")), WireJson.Default.ProgressLine, request.Aborted);
    }

    private static Task ReplyAsync(ApiRequest request, int status, ErrorLine error) => JsonReply.WriteAsync(
        request.Context, status, MediaTypes.JsonBeforeStream, error, WireJson.Default.ErrorLine, request.Aborted);

    private ErrorReply? Translate(ApiRequest request, Exception failure)
    {
        if (failure is OperationCanceledException && request.IsCanceled)
        {
            failure = new ModelException(new Refusal(ModelErrorCode.Canceled, request.Model, null), failure);
        }

        if (failure is ModelException or ApiException or BlobStorageException)
        {
            request.EndWork();
        }

        switch (failure)
        {
            case ModelException exception:
                var reply = RouteGuard.Translate(request, exception);
                guard.Report(request, exception, reply);
                return reply;
            case ApiException exception:
                return ErrorTable.Ollama(exception.Code, exception.Detail);
            case BlobStorageException exception:
                return guard.Refuse(request, exception);
            default:
                return null;
        }
    }

    private static ProgressLine ToWire(TransferProgress step) => new(
        step.Status, step.Key, step.TotalBytes, step.CompletedBytes);
}
