using System.Diagnostics;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>The speed of a line that all connections share. 0 is as fast as the machine moves bytes.</summary>
internal sealed class Link(int megabits)
{
    // What a network card sends ahead while its driver sleeps: a timer's tick.
    private const double CreditSeconds = 0.002;

    private readonly Lock _lock = new();
    private double _freeAtSeconds;

    /// <summary>Waits until bytes may be sent.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (megabits == 0)
        {
            return;
        }

        double wait;
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            _freeAtSeconds = Math.Max(now - CreditSeconds, _freeAtSeconds) + (bytes * 8 / (megabits * 1e6));
            wait = _freeAtSeconds - now;
        }

        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(wait), TimeProvider.System, cancellationToken);
        }
    }
}
