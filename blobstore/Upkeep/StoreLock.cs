using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// One at a time, in this process and among all that use the directory, may change what the manifests need or remove
/// what they do not. It is held for moments: never while content is read from a network or written.
/// </summary>
public sealed class StoreLock(StorePaths paths, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for its turn; disposing the result ends it.</summary>
    /// <exception cref="BlobStorageException">The disk refused, or another process does not let go.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return new Turn(await OpenAsync(cancellationToken), _turn);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<FileStream> OpenAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(paths.Root);

                // Opened without sharing, the file is locked until the handle is closed, by a crash as well.
                return new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
            {
                throw refusal;
            }
            catch (IOException failure)
            {
                if (time.GetElapsedTime(begun) > WaitMax)
                {
                    throw new BlobStorageException(
                        $"Another process has locked the store for {WaitMax.TotalSeconds} seconds.",
                        failure);
                }
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private sealed class Turn(FileStream file, SemaphoreSlim turn) : IDisposable
    {
        private FileStream? _file = file;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _file, null) is { } held)
            {
                held.Dispose();
                turn.Release();
            }
        }
    }
}
