using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Wire;

/// <summary>
/// Tells a stream that is silent from a silo that is dead: the sender adds a heartbeat each second, the reader gives
/// up when it misses several. Calls in flight to a dead silo would otherwise hang until their timeout.
/// </summary>
internal static class Heartbeats
{
    /// <summary>How often the sender beats.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The silence after which the reader takes the sender for dead.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    /// <summary>The items, and a heartbeat for each period that passes.</summary>
    public static async IAsyncEnumerable<T> BeatAsync<T>(
        this IAsyncEnumerable<T> items, T heartbeat, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = items.GetAsyncEnumerator(leaving.Token);
        var next = source.MoveNextAsync().AsTask();
        var beat = Task.Delay(Period, time, leaving.Token);
        try
        {
            while (true)
            {
                await Task.WhenAny(next, beat);
                if (next.IsCompleted)
                {
                    if (!await next)
                    {
                        yield break;
                    }

                    yield return source.Current;
                    next = source.MoveNextAsync().AsTask();
                }

                if (beat.IsCompleted)
                {
                    await beat;
                    yield return heartbeat;
                    beat = Task.Delay(Period, time, leaving.Token);
                }
            }
        }
        finally
        {
            // The reader may leave while an item is awaited; an iterator must not be disposed then.
            await leaving.CancelAsync();
            await ((Task)next).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>
    /// The items without heartbeats; refused with <see cref="ModelErrorCode.RunnerStopped"/> after a silence.
    /// </summary>
    /// <param name="items">The stream.</param>
    /// <param name="isHeartbeat">Whether an item is one.</param>
    /// <param name="time">Measures the silence.</param>
    /// <param name="cancellationToken">Ends the stream early.</param>
    /// <exception cref="ModelException">The sender fell silent.</exception>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        this IAsyncEnumerable<T> items, Func<T, bool> isHeartbeat, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = items.GetAsyncEnumerator(leaving.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                try
                {
                    if (!await next.WaitAsync(SilenceMax, time, cancellationToken))
                    {
                        yield break;
                    }
                }
                catch (TimeoutException)
                {
                    throw new ModelException(
                        ModelErrorCode.RunnerStopped, null, $"the silo did not answer for {SilenceMax.TotalSeconds} s");
                }

                if (!isHeartbeat(source.Current))
                {
                    yield return source.Current;
                }
            }
        }
        finally
        {
            await leaving.CancelAsync();
            _ = DisposeAsync(source, next);
        }
    }

    /// <summary>Not awaited by the reader: the call to a dead silo ends when its own timeout does.</summary>
    private static async Task DisposeAsync<T>(IAsyncEnumerator<T> source, Task next)
    {
        await next.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await source.DisposeAsync();
    }
}
