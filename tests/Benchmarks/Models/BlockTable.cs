using System.Buffers.Binary;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>
/// Quantized weights of about the deviation that <see cref="NormalTable"/> has, drawn once and read round and round.
/// They are made as blocks: drawing a large model and quantizing it would take minutes and tens of gigabytes, and how
/// fast it computes depends on neither.
/// </summary>
/// <seealso href="https://github.com/ggml-org/ggml">block_q4_K and block_q6_K in ggml-common.h</seealso>
internal sealed class BlockTable
{
    /// <summary>Weights of a block.</summary>
    public const int BlockLength = 256;

    /// <summary>Bytes of a block of 4 bits a weight: scale, scale of minima, their multiples, weights.</summary>
    public const int FourBitBytes = 144;

    /// <summary>Bytes of a block of 6 bits a weight: low bits, high bits, multiples of the scale, scale.</summary>
    public const int SixBitBytes = 210;

    /// <summary>A prime, so that no row of a matrix begins where another one did.</summary>
    private const int BlockCount = 4093;

    private readonly byte[] _bytes;
    private int _next;

    private BlockTable(int seed, int blockBytes, Action<Span<byte>> scale)
    {
        _bytes = new byte[BlockCount * blockBytes];
        new Random(seed).NextBytes(_bytes);
        for (var start = 0; start < _bytes.Length; start += blockBytes)
        {
            scale(_bytes.AsSpan(start, blockBytes));
        }
    }

    /// <summary>Blocks of 4 bits a weight (Q4_K).</summary>
    public static BlockTable FourBits(int seed) => new(seed, FourBitBytes, static block =>
    {
        // Every multiple is 32, which the packed twelve bytes spell so: a weight is 0.00435 · (its bits − 7.5).
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.000136);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)0.00102);
        block[4..12].Fill(0xA0);
        block[12..16].Clear();
    });

    /// <summary>Blocks of 6 bits a weight (Q6_K).</summary>
    public static BlockTable SixBits(int seed) => new(seed, SixBitBytes, static block =>
    {
        // A weight is 0.00108 · (its bits − 32).
        block[192..208].Fill(8);
        BinaryPrimitives.WriteHalfLittleEndian(block[208..], (Half)0.000135);
    });

    /// <summary>The next bytes, as many as there are before the table begins again.</summary>
    public ReadOnlySpan<byte> Next(long countMax)
    {
        var start = _next == _bytes.Length ? 0 : _next;
        _next = start + (int)Math.Min(countMax, _bytes.Length - start);
        return _bytes.AsSpan(start.._next);
    }
}
