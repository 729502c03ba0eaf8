using System.Security.Cryptography;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Content that arrives in pieces, hashed as it comes. Pieces are taken one at a time; a second sender waits its turn.
/// </summary>
internal sealed class UploadSession : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _canceling = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file;
    private readonly FlushAhead _ahead;
    private readonly TimeProvider _time;
    private readonly long _bytesMax;
    private long _usedAt;
    private long _receivedBytes;
    private volatile bool _ended;

    public UploadSession(string path, TimeProvider time, long bytesMax)
    {
        (_time, _bytesMax) = (time, bytesMax);
        _file = DurableFile.Create(path);
        _ahead = new FlushAhead(_file.SafeFileHandle);
        _usedAt = time.GetTimestamp();
    }

    /// <summary>How much was received, in bytes.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>Nothing more can be done with it.</summary>
    public bool HasEnded => _ended;

    /// <summary>How long nothing has arrived.</summary>
    public TimeSpan IdleTime => _time.GetElapsedTime(Interlocked.Read(ref _usedAt));

    /// <summary>Takes a piece; null when the session has ended.</summary>
    public async Task<UploadPosition?> AppendAsync(long? offset, Stream content, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_ended || (offset ?? _receivedBytes) != _receivedBytes)
            {
                return _ended ? null : new UploadPosition(IsAccepted: false, _receivedBytes);
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_canceling.Token, cancellationToken);
            await PiecePump.RunAsync(content, StoreAsync, ending.Token);
            return new UploadPosition(IsAccepted: true, _receivedBytes);
        }
        catch (BlobStorageException)
        {
            End();
            throw;
        }
        catch (OperationCanceledException) when (_canceling.IsCancellationRequested)
        {
            // Whoever gave the upload up is waiting for the turn.
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Verifies what was received and puts it in its place; false when the session has ended.</summary>
    public async Task<bool> CommitAsync(
        Digest digest, string path, BlobVerdicts verdicts, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        var isOver = true;
        try
        {
            if (_ended)
            {
                return false;
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_canceling.Token, cancellationToken);
            ending.Token.ThrowIfCancellationRequested();
            var actual = Digest.FromHash(_hash.GetCurrentHash());
            if (actual != digest)
            {
                throw new BlobMismatchException(digest, actual);
            }

            if (!await verdicts.IsWholeAsync(digest, ending.Token))
            {
                DurableFile.Commit(_file, path);
                verdicts.Vouch(digest);
            }

            return true;
        }
        catch (OperationCanceledException) when (_canceling.IsCancellationRequested)
        {
            // Whoever gave the upload up is waiting for the turn, and ends it.
            isOver = false;
            return false;
        }
        catch (OperationCanceledException)
        {
            // The client left while what lay there was read: it may ask again.
            isOver = false;
            throw;
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            if (isOver)
            {
                End();
            }

            _turn.Release();
        }
    }

    /// <summary>
    /// Drops what was received, and breaks off a piece that is arriving or a commit that is still reading; false when
    /// it had ended. Nobody holds the turn for long then, so that it is done even if whoever asks for it leaves.
    /// </summary>
    public async Task<bool> CancelAsync()
    {
        await _canceling.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None);
        return EndTurn();
    }

    /// <summary>Drops what was received, unless a piece is arriving; false then or when it had ended.</summary>
    public bool TryExpire() => _turn.Wait(TimeSpan.Zero) && EndTurn();

    /// <inheritdoc/>
    public void Dispose() => End();

    private bool EndTurn()
    {
        var ended = _ended;
        End();
        _turn.Release();
        return !ended;
    }

    private async Task StoreAsync(ReadOnlyMemory<byte> piece)
    {
        if (_receivedBytes + piece.Length > _bytesMax)
        {
            throw new BlobStorageException($"The content is longer than {_bytesMax} bytes.");
        }

        try
        {
            await PiecePump.StoreAsync(piece, _hash, _file.SafeFileHandle, _receivedBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Explain(failure)
                ?? new BlobStorageException("The upload could not be stored.", failure);
        }

        _ahead.Wrote(piece.Length);
        Interlocked.Add(ref _receivedBytes, piece.Length);
        Interlocked.Exchange(ref _usedAt, _time.GetTimestamp());
    }

    /// <summary>Closes and removes the file; after a commit its old name is gone already.</summary>
    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            var temporary = _file.Name;
            _file.Dispose();
            _hash.Dispose();
            DurableFile.Discard(temporary);
        }
    }
}
