using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Streaming;

/// <summary>Sends a stream of chunks in the way of a dialect.</summary>
internal sealed class AnswerStream(RouteGuard guard, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Reads chunks to the end and writes each as it arrives; nothing is sent in between.</summary>
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
            await FailAsync(request, exception, writer);
        }
        catch (OperationCanceledException exception) when (request.IsCanceled && request.Context.Response.HasStarted)
        {
            await FailAsync(request, Canceled(request, exception), writer);
        }
    }

    /// <summary>
    /// As <see cref="WriteAsync"/>, with a sign of life at every interval. The first one gives the status line up: what
    /// fails after it is an event.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="chunks">The run.</param>
    /// <param name="start">Settles the headers once there is something to send.</param>
    /// <exception cref="ModelException">The refusal came before anything was sent.</exception>
    public async Task WriteEventsAsync(
        ApiRequest request, IAsyncEnumerable<GenerationChunk> chunks, Func<HttpResponse, IEventWriter> start)
    {
        await using var reader = new ChunkReader(chunks, request.Aborted);
        using var beats = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        IEventWriter? writer = null;
        try
        {
            var beat = beats.WaitForNextTickAsync(request.Aborted).AsTask();
            bool any;
            do
            {
                var next = reader.MoveNextAsync().AsTask();
                while (!next.IsCompleted && await Task.WhenAny(next, beat) != next
                    && !request.Aborted.IsCancellationRequested)
                {
                    await BeforeNextAsync(next, () =>
                        (writer ??= start(request.Context.Response)).BeatAsync(request.Aborted));
                    beat = beats.WaitForNextTickAsync(request.Aborted).AsTask();
                }

                any = await next;
                writer ??= start(request.Context.Response);
                await (any
                    ? writer.WriteAsync(reader.Current, request.Aborted)
                    : writer.EndAsync(request.Aborted));
            }
            while (any);
        }
        catch (ModelException exception) when (writer is not null && request.Context.Response.HasStarted)
        {
            await FailAsync(request, exception, writer);
        }
        catch (OperationCanceledException exception)
            when (writer is not null && request.IsCanceled && request.Context.Response.HasStarted)
        {
            await FailAsync(request, Canceled(request, exception), writer);
        }
        finally
        {
            writer?.Dispose();
        }
    }

    // Nobody may leave the run while it is being read.
    private static async Task BeforeNextAsync(Task<bool> next, Func<ValueTask> beat)
    {
        try
        {
            await beat();
        }
        catch
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static ModelException Canceled(ApiRequest request, OperationCanceledException cause) =>
        new(new Refusal(ModelErrorCode.Canceled, request.Model, null), cause);

    private async Task FailAsync(ApiRequest request, ModelException exception, IAnswerWriter writer)
    {
        // Too late for a status: the dialect has another way to say it.
        request.EndWork();
        var reply = RouteGuard.Translate(request, exception);
        guard.Report(request, exception, reply);
        await writer.FailAsync(reply, request.Aborted);
    }
}
