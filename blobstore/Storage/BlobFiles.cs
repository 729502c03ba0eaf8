using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Blobs as files. A blob appears under its name only after its digest was verified and its bytes are on disk, so
/// that readers never meet half of one. Safe for any number of callers, in this process and in others.
/// </summary>
public sealed partial class BlobFiles(
    StorePaths paths, BlobVerdicts verdicts, IOptions<BlobStoreOptions> options, ILogger<BlobFiles> logger) : IBlobs
{
    private readonly long _blobBytesMax = options.Value.BlobBytesMax;

    /// <summary>The file of a blob, for code that maps it into memory; false when it is not here.</summary>
    public bool TryGetPath(Digest digest, [NotNullWhen(true)] out string? path)
    {
        path = paths.Blob(digest);
        if (File.Exists(path))
        {
            return true;
        }

        path = null;
        return false;
    }

    /// <inheritdoc/>
    public Task<long?> StatAsync(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(paths.Blob(digest));
        return Task.FromResult<long?>(file.Exists && !verdicts.IsKnownDamaged(digest) ? file.Length : null);
    }

    /// <inheritdoc/>
    public Task<bool> HasAsync(Digest digest, CancellationToken cancellationToken) =>
        verdicts.IsWholeAsync(digest, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (verdicts.IsKnownDamaged(digest))
        {
            return Task.FromResult<Stream?>(null);
        }

        try
        {
            // A reader does not keep the blob from being removed: its bytes stay until the stream is disposed.
            return Task.FromResult<Stream?>(new FileStream(
                paths.Blob(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 4096,
                FileOptions.Asynchronous));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> WriteAsync(Digest digest, Stream content, CancellationToken cancellationToken)
    {
        var path = paths.Blob(digest);
        if (await verdicts.IsWholeAsync(digest, cancellationToken))
        {
            return false;
        }

        string? temporary = null;
        try
        {
            Directory.CreateDirectory(paths.Blobs);
            temporary = paths.NewTemporaryBlob();
            await using var file = DurableFile.Create(temporary);
            var actual = await CopyAsync(content, file, cancellationToken);
            if (actual != digest)
            {
                throw new BlobMismatchException(digest, actual);
            }

            // Two writers of one digest hold the same bytes; whoever renames last changes nothing. A damaged blob
            // is there in one moment and whole in the next.
            var existed = File.Exists(path) && !verdicts.IsKnownDamaged(digest);
            DurableFile.Commit(file, path);
            verdicts.Vouch(digest);
            temporary = null;
            Log.Stored(logger, digest, file.Length);
            return !existed;
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            if (temporary is not null)
            {
                DurableFile.Discard(temporary);
            }
        }
    }

    /// <summary>
    /// Makes a blob of a finished file that lies under one of the store's temporary names: it moves to its own name,
    /// or stays where it is when the blob is here already, which the second value then denies.
    /// </summary>
    /// <exception cref="BlobStorageException">The disk refused.</exception>
    public async Task<(Digest Digest, bool IsNew)> AdoptAsync(
        string path, BlobClaim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
            var digest = await FileDigest.ReadAsync(file.SafeFileHandle, cancellationToken);
            claim.Add(digest);
            var target = paths.Blob(digest);
            if (await verdicts.IsWholeAsync(digest, cancellationToken))
            {
                return (digest, false);
            }

            DurableFile.Commit(file, target);
            verdicts.Vouch(digest);
            Log.Stored(logger, digest, file.Length);
            return (digest, true);
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    private async Task<Digest> CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var ahead = new FlushAhead(file.SafeFileHandle);
        long written = 0;
        await PiecePump.RunAsync(content, StoreAsync, cancellationToken);
        return Digest.FromHash(hash.GetHashAndReset());

        async Task StoreAsync(ReadOnlyMemory<byte> piece)
        {
            if (written + piece.Length > _blobBytesMax)
            {
                throw new BlobStorageException($"The content is longer than {_blobBytesMax} bytes.");
            }

            await PiecePump.StoreAsync(piece, hash, file.SafeFileHandle, written);
            ahead.Wrote(piece.Length);
            written += piece.Length;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Blob {Digest} was stored, {BlobBytes} bytes.")]
        public static partial void Stored(ILogger logger, Digest digest, long blobBytes);
    }
}
