using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Holds all transfers together to a number of bytes in a second. Safe for any number of callers.</summary>
internal sealed class TransferRate(IOptions<RegistryOptions> options, TimeProvider time)
{
    private readonly long _bytesPerSecondMax = options.Value.BytesPerSecondMax;
    private readonly Lock _lock = new();
    private DateTimeOffset _freeAt;

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
            _freeAt = (_freeAt > now ? _freeAt : now) + TimeSpan.FromSeconds((double)bytes / _bytesPerSecondMax);
            wait = _freeAt - now;
        }

        return new ValueTask(Task.Delay(wait, time, cancellationToken));
    }
}
