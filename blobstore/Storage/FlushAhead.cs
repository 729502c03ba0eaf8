using Microsoft.Win32.SafeHandles;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Lets the disk begin while content still arrives, so that little is left for the flush before a blob counts. One at
/// a time, on a pool thread that keeps the handle open until it is done. Safe for any number of writers.
/// </summary>
internal sealed class FlushAhead(SafeFileHandle file)
{
    // A fraction of a second's work for a disk.
    private const long StepBytes = 64L * 1024 * 1024;

    private readonly Lock _lock = new();
    private long _dirtyBytes;
    private int _isFlushing;
    private bool _hasEnded;

    /// <summary>Takes note of what was written.</summary>
    public void Wrote(int count)
    {
        if (Interlocked.Add(ref _dirtyBytes, count) >= StepBytes && Interlocked.Exchange(ref _isFlushing, 1) == 0)
        {
            Interlocked.Exchange(ref _dirtyBytes, 0);
            ThreadPool.QueueUserWorkItem(static ahead => ahead.Flush(), this, preferLocal: false);
        }
    }

    /// <summary>Waits until nobody keeps the handle open any more, and lets nobody do so again.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }
    }

    private void Flush()
    {
        try
        {
            lock (_lock)
            {
                if (!_hasEnded)
                {
                    RandomAccess.FlushToDisk(file);
                }
            }
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Whoever wrote flushes once more before the blob counts, and is told then; or has given up already.
        }
        finally
        {
            Interlocked.Exchange(ref _isFlushing, 0);
        }
    }
}
