using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Tries again what may succeed later, after ever longer waits.</summary>
internal sealed class Retries(IOptions<RegistryOptions> options, TimeProvider time)
{
    // All that move side by side share a limit of our own: none of them may be called slow for it.
    private const int SharersMax = 1024;

    private static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(1);

    private readonly double _bytesPerSecondMin = options.Value switch
    {
        { BytesPerSecondMax: > 0 and var most, BytesPerSecondMin: var least } => Math.Min(least, most / SharersMax),
        { BytesPerSecondMin: var least } => least,
    };

    /// <summary>
    /// Runs an attempt until it succeeds, fails for good, or brought nothing too many times in a row.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="progress">
    /// Tells how far the work is, in bytes: an attempt that moved it is none in vain, unless it was slower than any
    /// connection may be, for whoever sends a byte at a time would be tried again for ever.
    /// </param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="TransferException">The attempt failed for good.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        var (before, since) = (progress(), time.GetTimestamp());
        for (var failures = 0; ;)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (TransferException failure) when (failure.IsTransient)
            {
                var gained = progress() - before;
                var moved = gained > 0
                    && gained >= _bytesPerSecondMin * time.GetElapsedTime(since).TotalSeconds;
                (before, since) = (progress(), time.GetTimestamp());
                failures = moved ? 1 : failures + 1;
                if (failures >= options.Value.AttemptsMax)
                {
                    throw new TransferException($"max retries exceeded: {failure.Message}", failure);
                }

                var delay = options.Value.RetryDelay * Math.Pow(2, failures - 1);
                delay = failure.RetryAfter > delay ? failure.RetryAfter.Value : delay;
                await Task.Delay(delay < DelayMax ? delay : DelayMax, time, cancellationToken);
            }
        }
    }
}
