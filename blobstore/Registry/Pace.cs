namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Tells when what a registry sends comes too slowly. Only the time counts that was spent waiting for it: what we hold
/// back ourselves, or the disk does, is none of its doing.
/// </summary>
internal sealed class Pace(RegistryOptions options, TimeProvider time)
{
    private TimeSpan _waited;
    private long _bytes;
    private long _waitingSince;

    /// <summary>Begins to wait for the registry.</summary>
    public void Wait() => _waitingSince = time.GetTimestamp();

    /// <summary>Ends a wait, by what came.</summary>
    /// <exception cref="TransferException">Too little came for too long.</exception>
    public void Receive(int bytes)
    {
        _waited += time.GetElapsedTime(_waitingSince);
        _bytes += bytes;
        if (_waited < options.SlowTimeMax)
        {
            return;
        }

        if (_bytes < options.BytesPerSecondMin * _waited.TotalSeconds)
        {
            throw new TransferException(
                $"the registry sends too slowly: {_bytes} bytes in {(long)_waited.TotalSeconds} seconds",
                isTransient: true);
        }

        (_waited, _bytes) = (TimeSpan.Zero, 0);
    }
}
