using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>Ends a request, wherever it waits or runs, when the time is over that its client gave it.</summary>
internal static class RequestDeadline
{
    /// <summary>Follows the generation until its end or the deadline.</summary>
    /// <exception cref="ModelException">The deadline passed.</exception>
    public static async IAsyncEnumerable<GenerationChunk> KeepAsync(
        string model, TimeSpan deadline, TimeProvider time,
        Func<CancellationToken, IAsyncEnumerable<GenerationChunk>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await using var chunks = run(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await chunks.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException)
                when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ModelException(ModelErrorCode.DeadlineExceeded, model);
            }

            yield return chunks.Current;
        }
    }

    /// <summary>Waits for an answer until the deadline, if there is one.</summary>
    /// <exception cref="ModelException">The deadline passed.</exception>
    public static async Task<T> KeepAsync<T>(
        string model, TimeSpan? deadline, TimeProvider time, Func<CancellationToken, Task<T>> run,
        CancellationToken cancellationToken)
    {
        if (deadline is null)
        {
            return await run(cancellationToken);
        }

        using var timer = new CancellationTokenSource(deadline.Value, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await run(either.Token);
        }
        catch (OperationCanceledException)
            when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ModelException(ModelErrorCode.DeadlineExceeded, model);
        }
    }

    /// <summary>What is left of a deadline for whoever continues; at least a tick.</summary>
    public static TimeSpan? Rest(TimeSpan? deadline, long arrived, TimeProvider time) => deadline is { } whole
        ? TimeSpan.FromTicks(Math.Max(1, (whole - time.GetElapsedTime(arrived)).Ticks))
        : null;
}
