using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Holds all transfers together to a number of bytes in a second. Safe for any number of callers.</summary>
internal sealed class TransferRate(IOptions<RegistryOptions> options, TimeProvider time)
{
    // Pieces of a tenth of a second: a caller waits for moments, and whoever watches sees it move.
    private const int PiecesPerSecond = 10;
    private const int PieceBytesMin = 4096;

    // Timers are late, the more so the busier the machine: whoever is late by less than this makes up for it.
    private static readonly TimeSpan LateMax = TimeSpan.FromSeconds(1);

    private readonly long _bytesPerSecondMax = options.Value.BytesPerSecondMax;
    private readonly Lock _lock = new();
    private DateTimeOffset _freeAt;

    /// <summary>How much may be moved before it is paid for, in bytes.</summary>
    public int PieceBytesMax => _bytesPerSecondMax <= 0
        ? int.MaxValue
        : (int)Math.Clamp(_bytesPerSecondMax / PiecesPerSecond, PieceBytesMin, int.MaxValue);

    /// <summary>Waits until what was just moved is paid for.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (_bytesPerSecondMax <= 0)
        {
            return ValueTask.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _freeAt = (now - _freeAt < LateMax ? _freeAt : now)
                + TimeSpan.FromSeconds((double)bytes / _bytesPerSecondMax);
            wait = _freeAt - now;
        }

        return wait > TimeSpan.Zero
            ? new ValueTask(Task.Delay(wait, time, cancellationToken))
            : ValueTask.CompletedTask;
    }
}
