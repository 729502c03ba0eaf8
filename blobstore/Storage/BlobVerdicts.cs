using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Which blobs are whole. What this process has stored or read through counts for as long as the file's time and
/// length stay; any other blob is read through before it counts, one at a time. Safe for any number of callers.
/// </summary>
public sealed partial class BlobVerdicts(StorePaths paths, ILogger<BlobVerdicts> logger) : IDisposable
{
    // Of some fifty bytes each. A store with more blobs reads some of them twice.
    private const int VerdictCountMax = 65_536;

    private readonly ConcurrentDictionary<Digest, Verdict> _verdicts = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether a blob is here and whole; reads it where that is not known.</summary>
    public Task<bool> IsWholeAsync(Digest digest, CancellationToken cancellationToken) =>
        IsWholeAsync(digest, _ => { }, cancellationToken);

    /// <summary>The same; the second argument is told how much was read, in bytes.</summary>
    public async Task<bool> IsWholeAsync(Digest digest, Action<long> read, CancellationToken cancellationToken)
    {
        if (TryRecall(digest, out var isWhole))
        {
            return isWhole;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Whoever had the turn before may have read the same blob.
            return TryRecall(digest, out isWhole) ? isWhole : await ReadAsync(digest, read, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether a blob is here and was found damaged. Reads nothing.</summary>
    public bool IsKnownDamaged(Digest digest) => TryRecall(digest, out var isWhole) && !isWhole && Exists(digest);

    /// <summary>Takes note that the caller has just verified the blob that lies in its place.</summary>
    public void Vouch(Digest digest)
    {
        if (new FileInfo(paths.Blob(digest)) is { Exists: true } file)
        {
            Keep(digest, new Verdict(file.LastWriteTimeUtc, file.Length, IsWhole: true));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private bool Exists(Digest digest) => File.Exists(paths.Blob(digest));

    /// <summary>What is known; an absent blob is known not to be whole.</summary>
    private bool TryRecall(Digest digest, out bool isWhole)
    {
        isWhole = false;
        if (new FileInfo(paths.Blob(digest)) is not { Exists: true } file)
        {
            _verdicts.TryRemove(digest, out _);
            return true;
        }

        if (!_verdicts.TryGetValue(digest, out var verdict)
            || verdict.ModifiedAt != file.LastWriteTimeUtc || verdict.Bytes != file.Length)
        {
            return false;
        }

        isWhole = verdict.IsWhole;
        return true;
    }

    private async Task<bool> ReadAsync(Digest digest, Action<long> read, CancellationToken cancellationToken)
    {
        try
        {
            using var content = FileDigest.Open(paths.Blob(digest));

            // Before it is read: a file that changes meanwhile has another time, and is read again.
            var (modifiedAt, bytes) = (File.GetLastWriteTimeUtc(content), RandomAccess.GetLength(content));
            var actual = await FileDigest.ReadAsync(content, read, cancellationToken);
            if (actual != digest)
            {
                Log.Damaged(logger, digest, actual);
            }

            Keep(digest, new Verdict(modifiedAt, bytes, actual == digest));
            return actual == digest;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is of no use to anybody; whether it can be replaced is for the writer to find out.
            Log.Unreadable(logger, digest, failure.Message);
            return false;
        }
    }

    private void Keep(Digest digest, Verdict verdict)
    {
        if (_verdicts.Count >= VerdictCountMax)
        {
            _verdicts.Clear();
        }

        _verdicts[digest] = verdict;
    }

    private readonly record struct Verdict(DateTime ModifiedAt, long Bytes, bool IsWhole);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "The blob {Digest} is damaged and counts as absent: its digest is {Actual}.")]
        public static partial void Damaged(ILogger logger, Digest digest, Digest actual);

        [LoggerMessage(LogLevel.Warning, "The blob {Digest} cannot be read and counts as absent: {Reason}")]
        public static partial void Unreadable(ILogger logger, Digest digest, string reason);
    }
}
