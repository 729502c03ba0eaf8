using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>A range of a blob as the body of a request.</summary>
/// <param name="file">The blob.</param>
/// <param name="offset">Where the range begins, in bytes.</param>
/// <param name="length">How long it is, in bytes.</param>
/// <param name="isChecksummed">The checksum is wanted; on a fast line it takes longer than the sending.</param>
/// <param name="rate">What holds all transfers together to a limit.</param>
/// <param name="sent">Told of each piece that was sent, in bytes.</param>
internal sealed class BlobPartContent(
    SafeFileHandle file, long offset, long length, bool isChecksummed, TransferRate rate, Action<int> sent)
    : HttpContent
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>
    /// MD5 of the range, once it was sent, where it was wanted. The protocol's choice: it guards against mix-ups only.
    /// </summary>
    public byte[] Checksum { get; private set; } = [];

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    [SuppressMessage("Security", "CA5351", Justification = "The registry's protocol names MD5.")]
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var hash = isChecksummed ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long done = 0; done < length;)
            {
                var wanted = (int)Math.Min(Math.Min(buffer.Length, rate.PieceBytesMax), length - done);
                var count = await RandomAccess.ReadAsync(
                    file, buffer.AsMemory(0, wanted), offset + done, cancellationToken);
                if (count == 0)
                {
                    throw new TransferException("the blob is shorter than its manifest says");
                }

                hash?.AppendData(buffer, 0, count);
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                done += count;
                sent(count);
                await rate.TakeAsync(count, cancellationToken);
            }

            Checksum = hash?.GetHashAndReset() ?? [];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
