using System.Buffers;
using System.Security.Cryptography;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Brings one blob from a registry: ranges side by side, each retried on its own, hashed in order as they arrive. The
/// blob appears under its name only when its digest is right.
/// </summary>
internal sealed class BlobDownload(
    Layer layer, IReadOnlyList<RegistrySession> sources, StorePaths paths, StoreLock storeLock, BlobVerdicts verdicts,
    RegistryOptions options, Retries retries, TransferRate rate, TimeProvider time)
{
    // Ranges that are written side by side wait for each other: a quarter of it costs a fifth more.
    private const int BufferBytes = 1024 * 1024;

    // When all ranges are here, those that came side by side are still to be hashed: of a small blob they are short.
    private const long ShortPartBytes = 8L * 1024 * 1024;
    private const int ShortPartCount = 128;

    private static readonly TimeSpan OtherProcessDelay = TimeSpan.FromSeconds(1);

    private IReadOnlyList<RegistrySession> _sources = sources;
    private volatile PartialBlob? _partial;
    private volatile bool _isDone;

    /// <summary>How much of the blob is here, in bytes.</summary>
    public long CompletedBytes => _isDone ? layer.Size : _partial?.CompletedBytes ?? 0;

    private long PartBytes => Math.Min(options.PartBytes, Math.Max(ShortPartBytes, layer.Size / ShortPartCount));

    /// <summary>Brings the blob.</summary>
    /// <exception cref="TransferException">It cannot be had; what arrived is kept for the next attempt.</exception>
    /// <exception cref="Contracts.Blobs.BlobStorageException">The disk refused.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var blobPath = paths.Blob(layer.Digest);
        try
        {
            while (!await TryBringAsync(blobPath, cancellationToken))
            {
                // A mirror had other bytes; whoever comes after it may have the right ones.
                _sources = [.. _sources.Skip(1)];
            }

            _isDone = true;
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            _partial = null;
        }
    }

    private async Task<PartialBlob> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using (await storeLock.EnterAsync(cancellationToken))
            {
                if (PartialBlob.TryOpen(paths.PartialBlob(layer.Digest), layer.Size, PartBytes) is { } partial)
                {
                    return _partial = partial;
                }
            }

            await Task.Delay(OtherProcessDelay, time, cancellationToken);
        }
    }

    /// <summary>Brings the blob; false when what came is another, and there is one source more to ask.</summary>
    private async Task<bool> TryBringAsync(string blobPath, CancellationToken cancellationToken)
    {
        using var partial = await OpenAsync(cancellationToken);
        if (new FileInfo(blobPath) is { Exists: true } file && file.Length == layer.Size
            && await verdicts.IsWholeAsync(layer.Digest, cancellationToken))
        {
            // Another process has brought it meanwhile.
            partial.Remove();
            return true;
        }

        var actual = await FetchFromBeginningAsync(partial, cancellationToken);
        if (actual == layer.Digest)
        {
            partial.Flush();
            using (await storeLock.EnterAsync(cancellationToken))
            {
                partial.Commit(blobPath);
            }

            verdicts.Vouch(layer.Digest);
            return true;
        }

        partial.Remove();
        return _sources.Count > 1
            ? false
            : throw new TransferException(
                $"digest mismatch, file must be downloaded again: want {layer.Digest}, got {actual}");
    }

    /// <summary>Fetches in ranges; from a registry that sends none, as a whole and from its beginning.</summary>
    private async Task<Digest> FetchFromBeginningAsync(PartialBlob partial, CancellationToken cancellationToken)
    {
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await FetchAsync(partial, cancellationToken);
            }
            catch (RangesIgnoredException) when (attempts < options.AttemptsMax)
            {
                partial.Restart(layer.Size);
            }
            catch (RangesIgnoredException failure)
            {
                throw new TransferException("max retries exceeded: the registry sends no ranges", failure);
            }
        }
    }

    private async Task<Digest> FetchAsync(PartialBlob partial, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hashing = Task.Run(() => HashAsync(partial, ending.Token), CancellationToken.None);
        try
        {
            var missing = partial.Parts.Where(part => part.CompletedBytes < part.Size).ToList();
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = options.PartsAtOnce,
                    CancellationToken = cancellationToken,
                },
                async (part, aborted) => await FetchPartAsync(partial, part, aborted));
            partial.Complete();
            return await hashing;
        }
        finally
        {
            // A hash of a download that failed is of no use, but it must have let go of the file.
            await ending.CancelAsync();
            await ((Task)hashing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Follows the ranges through the file, which the system still holds in memory.</summary>
    private static async Task<Digest> HashAsync(PartialBlob partial, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long hashed = 0;
            while (true)
            {
                var isLast = !await partial.Advanced.WaitToReadAsync(cancellationToken);
                partial.Advanced.TryRead(out _);
                for (var end = partial.ContiguousBytes; hashed < end;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var wanted = (int)Math.Min(buffer.Length, end - hashed);

                    // From memory, where the range has just put it: not worth the way to another thread.
                    var count = RandomAccess.Read(partial.Handle, buffer.AsSpan(0, wanted), hashed);
                    if (count == 0)
                    {
                        throw new TransferException("unexpected EOF");
                    }

                    hash.AppendData(buffer, 0, count);
                    hashed += count;
                }

                if (isLast)
                {
                    return Digest.FromHash(hash.GetHashAndReset());
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task FetchPartAsync(PartialBlob partial, BlobPart part, CancellationToken cancellationToken)
    {
        try
        {
            await retries.RunAsync(
                async aborted =>
                {
                    // A registry may answer with less than it was asked for.
                    while (part.CompletedBytes < part.Size)
                    {
                        await FetchOnceAsync(partial, part, aborted);
                    }

                    return true;
                },
                () => part.CompletedBytes,
                cancellationToken);
        }
        finally
        {
            partial.Record(part);
        }
    }

    /// <summary>Asks one source after the other; the last one's refusal counts.</summary>
    private async Task FetchOnceAsync(PartialBlob partial, BlobPart part, CancellationToken cancellationToken)
    {
        foreach (var (index, source) in _sources.Index())
        {
            try
            {
                await FetchFromAsync(source, partial, part, cancellationToken);
                return;
            }
            catch (TransferException) when (index < _sources.Count - 1)
            {
                // The next source has the same bytes, or none that pass the digest.
            }
        }
    }

    private async Task FetchFromAsync(
        RegistrySession source, PartialBlob partial, BlobPart part, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(options.StallTimeMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var missing = part.Size - part.CompletedBytes;
            using var response = await RegistryReader.OpenBlobAsync(
                source, layer, part.Offset + part.CompletedBytes, missing, both.Token);
            await using var content = await response.Content.ReadAsStreamAsync(both.Token);
            var (begun, announced) = (part.CompletedBytes, response.Content.Headers.ContentLength);
            var pace = new Pace(options, time);
            for (; missing > 0; missing = part.Size - part.CompletedBytes)
            {
                stall.CancelAfter(options.StallTimeMax);
                var wanted = (int)Math.Min(Math.Min(buffer.Length, rate.PieceBytesMax), missing);
                pace.Wait();
                var count = await content.ReadAsync(buffer.AsMemory(0, wanted), both.Token);
                if (count == 0 && part.CompletedBytes > begun && part.CompletedBytes - begun == announced)
                {
                    return;
                }

                if (count == 0)
                {
                    throw new TransferException("unexpected EOF", isTransient: true);
                }

                // What we hold back ourselves is no stall.
                stall.CancelAfter(Timeout.InfiniteTimeSpan);
                RandomAccess.Write(partial.Handle, buffer.AsSpan(0, count), part.Offset + part.CompletedBytes);
                partial.Advance(part, count);
                pace.Receive(count);
                await rate.TakeAsync(count, cancellationToken);
            }
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransferException("the registry sends nothing", failure, isTransient: true);
        }
        catch (Exception failure) when (failure is HttpIOException or HttpRequestException)
        {
            throw new TransferException("unexpected EOF", failure, isTransient: true);
        }
        catch (IOException failure) when (DurableFile.Explain(failure) is null)
        {
            // The connection broke. What the disk refuses is no matter of trying again.
            throw new TransferException(failure.Message, failure, isTransient: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
