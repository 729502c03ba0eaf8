using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Streaming;

/// <summary>Sends a stream of chunks in the way of a dialect.</summary>
internal sealed class AnswerStream(RouteGuard guard)
{
    /// <summary>Reads chunks to the end and writes each as it arrives.</summary>
    /// <param name="request">The request.</param>
    /// <param name="chunks">The run.</param>
    /// <param name="start">Settles the headers once there is something to send.</param>
    /// <exception cref="ModelException">The refusal came before the first chunk: nothing was sent yet.</exception>
    public async Task WriteAsync(
        ApiRequest request, IAsyncEnumerable<GenerationChunk> chunks, Func<HttpResponse, IAnswerWriter> start)
    {
        await using var reader = new ChunkReader(chunks, request.Aborted);

        // Pull the first chunk before the status line: loading may still fail.
        var any = await reader.MoveNextAsync();
        using var writer = start(request.Context.Response);
        try
        {
            for (; any; any = await reader.MoveNextAsync())
            {
                await writer.WriteAsync(reader.Current, request.Aborted);
            }

            await writer.EndAsync(request.Aborted);
        }
        catch (ModelException exception) when (request.Context.Response.HasStarted)
        {
            await FailAsync(request, writer, exception);
        }
        catch (OperationCanceledException exception) when (request.IsCanceled && request.Context.Response.HasStarted)
        {
            var refusal = new Refusal(ModelErrorCode.Canceled, request.Model, null);
            await FailAsync(request, writer, new ModelException(refusal, exception));
        }
    }

    // Too late for a status: the dialect has another way to say it.
    private async Task FailAsync(ApiRequest request, IAnswerWriter writer, ModelException exception)
    {
        request.EndWork();
        var reply = RouteGuard.Translate(request, exception);
        guard.Report(request, exception, reply);
        await writer.FailAsync(reply, request.Aborted);
    }
}
