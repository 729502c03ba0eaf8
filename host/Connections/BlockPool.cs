using System.Buffers;

namespace Ollama.Platform.Host.Connections;

/// <summary>The memory of connections: large blocks while there are any, small ones otherwise.</summary>
internal sealed class BlockPool(LargeBlocks large, MemoryPool<byte> small) : MemoryPool<byte>
{
    /// <inheritdoc/>
    public override int MaxBufferSize => small.MaxBufferSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        (minBufferSize <= LargeBlocks.BlockBytes ? large.TryRent() : null) ?? small.Rent(minBufferSize);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            small.Dispose();
        }
    }
}
