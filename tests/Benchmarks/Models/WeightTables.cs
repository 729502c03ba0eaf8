using System.Runtime.InteropServices;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>What the tensors of a model are filled with, in the forms in which files have them.</summary>
/// <param name="seed">Draws them; equal seeds give equal files.</param>
internal sealed class WeightTables(int seed)
{
    private static readonly float[] One = [1];

    private readonly Lazy<NormalTable> _normal = new(() => new NormalTable(seed));
    private readonly Lazy<BlockTable> _fourBits = new(() => BlockTable.FourBits(seed));
    private readonly Lazy<BlockTable> _sixBits = new(() => BlockTable.SixBits(seed));

    /// <summary>The next bytes of a tensor, at least one weight's.</summary>
    /// <param name="fill">What the tensor is filled with.</param>
    /// <param name="countMax">Bytes that it still lacks.</param>
    public ReadOnlySpan<byte> Next(TensorFill fill, long countMax) => fill switch
    {
        TensorFill.NormalHalves => _normal.Value.NextHalves(countMax),
        TensorFill.NormalSingles => _normal.Value.NextSingles(countMax),
        TensorFill.FourBitBlocks => _fourBits.Value.Next(countMax),
        TensorFill.SixBitBlocks => _sixBits.Value.Next(countMax),
        _ => MemoryMarshal.AsBytes(One.AsSpan()),
    };
}
