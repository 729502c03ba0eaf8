using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Tries again what may succeed later, after ever longer waits.</summary>
internal sealed class Retries(IOptions<RegistryOptions> options, TimeProvider time)
{
    private static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs an attempt until it succeeds, fails for good, or brought nothing too many times in a row.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="progress">Tells how far the work is: an attempt that moved it is none in vain.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="TransferException">The attempt failed for good.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        var before = progress();
        for (var failures = 0; ;)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (TransferException failure) when (failure.IsTransient)
            {
                var moved = progress() != before;
                before = progress();
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
