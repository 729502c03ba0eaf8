using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Moves content in pieces: while one piece is stored on a thread of its own, the next is being read, so that hashing
/// and writing cost a fast sender no time.
/// </summary>
internal static class PiecePump
{
    private const int PieceBytesMax = 1024 * 1024;

    // A piece that is worth a turn of another thread.
    private const int PieceBytesMin = 128 * 1024;

    /// <summary>Reads to the end. What was read before a failure is stored all the same.</summary>
    /// <param name="content">What to read.</param>
    /// <param name="store">Takes each piece, in order and one at a time.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static async Task RunAsync(
        Stream content, Func<ReadOnlyMemory<byte>, Task> store, CancellationToken cancellationToken)
    {
        var filling = ArrayPool<byte>.Shared.Rent(PieceBytesMax);
        var storing = ArrayPool<byte>.Shared.Rent(PieceBytesMax);
        var (stored, filled) = (Task.CompletedTask, 0);
        try
        {
            while (true)
            {
                var count = await content.ReadAsync(
                    filling.AsMemory(filled, PieceBytesMax - filled), cancellationToken);
                filled += count;
                if (count == 0)
                {
                    return;
                }

                if (filled == PieceBytesMax || (filled >= PieceBytesMin && stored.IsCompleted))
                {
                    await stored;
                    (filling, storing) = (storing, filling);
                    var piece = storing.AsMemory(0, filled);
                    (stored, filled) = (Task.Run(() => store(piece), CancellationToken.None), 0);
                }
            }
        }
        finally
        {
            try
            {
                await stored;
                if (filled > 0)
                {
                    await store(filling.AsMemory(0, filled));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(filling);
                ArrayPool<byte>.Shared.Return(storing);
            }
        }
    }

    /// <summary>Hashes a piece and writes it, both at the same time.</summary>
    public static async Task StoreAsync(
        ReadOnlyMemory<byte> piece, IncrementalHash hash, SafeFileHandle file, long offset)
    {
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
}
