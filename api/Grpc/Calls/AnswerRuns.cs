using Grpc.Core;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>Runs a request and hands out its chunks, as a whole or one by one.</summary>
internal sealed class AnswerRuns(IModels models, RequestLimits limits, TimeProvider time)
{
    /// <summary>The whole answer.</summary>
    public async Task<GenerationChunk> ReadAsync(GenerationRequest request, GrpcCall call)
    {
        limits.Check(request);
        var answer = await WholeAnswer.ReadAsync(models.GenerateAsync(request, call.Aborted), call.Aborted);
        var whole = answer.ToChunk(callsCollected: true);
        call.Tell(whole.Usage);
        return whole;
    }

    /// <summary>Writes each chunk as it comes. The client learns the id of its call before the first one.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="call">The call.</param>
    /// <param name="context">The library's side of it.</param>
    /// <param name="stream">Where the chunks go.</param>
    /// <param name="form">How they look.</param>
    public async Task StreamAsync<T>(
        GenerationRequest request, GrpcCall call, ServerCallContext context, IServerStreamWriter<T> stream,
        ChunkForm<T> form)
    {
        limits.Check(request);
        await context.WriteResponseHeadersAsync([]);
        var began = time.GetTimestamp();
        await using var reader = new ChunkReader(models.GenerateAsync(request, call.Aborted), call.Aborted);
        ulong sequence = 0;
        while (await MoveNextAsync(
            reader, form.HeartbeatPeriod, () => stream.WriteAsync(form.ToHeartbeat(time.GetElapsedTime(began)))))
        {
            call.Tell(reader.Current.Usage);
            await stream.WriteAsync(form.ToWire(reader.Current, sequence++));
        }
    }

    private async ValueTask<bool> MoveNextAsync(ChunkReader reader, TimeSpan? period, Func<Task> beat)
    {
        if (period is null)
        {
            return await reader.MoveNextAsync();
        }

        var next = reader.MoveNextAsync().AsTask();
        await BeatAsync(next, period.Value, beat);
        return await next;
    }

    private async Task BeatAsync(Task<bool> next, TimeSpan period, Func<Task> beat)
    {
        // Not to be left while the chunk is still waited for: its stream may be disposed only afterwards. The run ends
        // with the call, so that this does, too.
        Exception? failure = null;
        while (!next.IsCompleted)
        {
            try
            {
                await next.WaitAsync(period, time);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                failure ??= await TryAsync(beat);
            }
            catch (Exception) when (next.IsCompleted)
            {
                // Whoever reads the chunk sees it.
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private static async Task<Exception?> TryAsync(Func<Task> beat)
    {
        try
        {
            await beat();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}

/// <summary>How the chunks of a run look in messages.</summary>
/// <param name="ToWire">A chunk and its number.</param>
/// <param name="ToHeartbeat">A sign of life, and how long the call has been under way.</param>
/// <param name="HeartbeatPeriod">How long the stream may be silent; null for as long as it takes.</param>
internal sealed record ChunkForm<T>(
    Func<GenerationChunk, ulong, T> ToWire, Func<TimeSpan, T> ToHeartbeat, TimeSpan? HeartbeatPeriod);
