using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>Reads files through to their digest, in pieces that a disk gives at full speed.</summary>
internal static class FileDigest
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Opens a blob that is to be read through. It may be removed meanwhile.</summary>
    public static SafeFileHandle Open(string path) => File.OpenHandle(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);

    /// <summary>The digest of an open file's content, computed on the pool.</summary>
    public static Task<Digest> ReadAsync(SafeFileHandle file, CancellationToken cancellationToken) =>
        ReadAsync(file, _ => { }, cancellationToken);

    /// <summary>The same; the second argument is told how much was read, in bytes.</summary>
    public static Task<Digest> ReadAsync(SafeFileHandle file, Action<long> read, CancellationToken cancellationToken) =>
        Task.Run(() => Read(file, read, cancellationToken), cancellationToken);

    private static Digest Read(SafeFileHandle file, Action<long> read, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long done = 0; ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = RandomAccess.Read(file, buffer, done);
                if (count == 0)
                {
                    return Digest.FromHash(hash.GetHashAndReset());
                }

                hash.AppendData(buffer, 0, count);
                done += count;
                read(done);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
