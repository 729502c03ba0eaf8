using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Moves content to the disk in pieces. The body of a request hands over the very memory that it was received in,
/// while the server goes on receiving; only what comes in crumbs is gathered first.
/// </summary>
internal static class PiecePump
{
    private const int BufferBytes = 1024 * 1024;

    // Less is not worth a call of the system of its own.
    private const int PieceBytesMin = 64 * 1024;

    // What takes longer to hash than another thread to wake.
    private const int SharedBytesMin = 96 * 1024;

    /// <summary>Reads to the end. What was read before a failure is stored all the same.</summary>
    /// <param name="content">What to read.</param>
    /// <param name="store">Takes each piece, in order and one at a time.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static async Task RunAsync(
        Stream content, Func<ReadOnlyMemory<byte>, Task> store, CancellationToken cancellationToken)
    {
        await using var pieces = new Pieces(store);
        await content.CopyToAsync(pieces, BufferBytes, cancellationToken);
    }

    /// <summary>Hashes a piece and writes it, a long one both at the same time.</summary>
    public static async Task StoreAsync(
        ReadOnlyMemory<byte> piece, IncrementalHash hash, SafeFileHandle file, long offset)
    {
        if (piece.Length < SharedBytesMin)
        {
            RandomAccess.Write(file, piece.Span, offset);
            hash.AppendData(piece.Span);
            return;
        }

        var hashing = Task.Run(() => hash.AppendData(piece.Span));
        try
        {
            RandomAccess.Write(file, piece.Span, offset);
        }
        finally
        {
            // The buffer is not to be filled again, nor the hash let go, while it is read.
            await hashing;
        }
    }

    /// <summary>What the content is copied to.</summary>
    private sealed class Pieces(Func<ReadOnlyMemory<byte>, Task> store) : Stream
    {
        private readonly byte[] _crumbs = ArrayPool<byte>.Shared.Rent(2 * PieceBytesMin);
        private int _crumbBytes;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.Length < PieceBytesMin)
            {
                buffer.CopyTo(_crumbs.AsMemory(_crumbBytes));
                _crumbBytes += buffer.Length;
                if (_crumbBytes >= PieceBytesMin)
                {
                    await StoreCrumbsAsync();
                }

                return;
            }

            await StoreCrumbsAsync();
            await store(buffer);
        }

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await StoreCrumbsAsync();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(_crumbs);
                await base.DisposeAsync();
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        private async Task StoreCrumbsAsync()
        {
            if (_crumbBytes > 0)
            {
                var count = _crumbBytes;
                _crumbBytes = 0;
                await store(_crumbs.AsMemory(0, count));
            }
        }
    }
}
