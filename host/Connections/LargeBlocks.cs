using System.Buffers;
using System.Runtime.InteropServices;

namespace Ollama.Platform.Host.Connections;

/// <summary>
/// Blocks that take in a socket's bytes in large pieces: with the server's own, of 4 KiB, an upload costs a quarter
/// more. So many that some fast connections always find one, so few that slow ones cannot hold much memory; whoever
/// finds none takes a small one. Safe for any number of callers.
/// </summary>
internal sealed class LargeBlocks
{
    /// <summary>Length of a block.</summary>
    public const int BlockBytes = 128 * 1024;

    // 32 MiB in all. A connection that receives holds eight at most, as many as its limit of 1 MiB.
    private const int LentCountMax = 256;

    // 8 MiB stay with the process when nothing moves.
    private const int KeptCountMax = 64;

    private readonly Lock _lock = new();

    // Last in, first out: what was used just now still lies in the processor's cache.
    private readonly Stack<Block> _kept = new(KeptCountMax);
    private int _lentCount;

    /// <summary>Lends a block; null when all are lent.</summary>
    public IMemoryOwner<byte>? TryRent()
    {
        lock (_lock)
        {
            if (_lentCount == LentCountMax)
            {
                return null;
            }

            _lentCount++;
            if (_kept.TryPop(out var block))
            {
                return block;
            }
        }

        return new Block(this);
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            _lentCount--;
            if (_kept.Count < KeptCountMax)
            {
                _kept.Push(block);
            }
        }
    }

    private sealed class Block(LargeBlocks owner) : IMemoryOwner<byte>
    {
        // The system writes into it: it must not move.
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(
            GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => owner.Return(this);
    }
}
