using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>
/// Weights drawn from N(0, 0.02) once and read round and round: drawing half a billion of them would take a minute.
/// </summary>
internal sealed class NormalTable
{
    /// <summary>A prime, so that no row of a matrix begins where another one did.</summary>
    private const int Length = 1_048_573;

    private const double Deviation = 0.02;

    private readonly float[] _singles = new float[Length];
    private readonly Half[] _halves = new Half[Length];
    private int _next;

    public NormalTable(int seed)
    {
        var random = new Random(seed);
        for (var index = 0; index < Length; index++)
        {
            // Box and Muller's transform; 1 − x keeps the logarithm finite.
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            _singles[index] = (float)(Deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
            _halves[index] = (Half)_singles[index];
        }
    }

    /// <summary>Bytes of the next weights, as many as there are before the table begins again.</summary>
    public ReadOnlySpan<byte> NextSingles(long byteCountMax) =>
        MemoryMarshal.AsBytes(_singles.AsSpan(Take(byteCountMax / sizeof(float))));

    /// <summary>Bytes of the next weights in half precision, as many as there are before it begins again.</summary>
    public ReadOnlySpan<byte> NextHalves(long byteCountMax) =>
        MemoryMarshal.AsBytes(_halves.AsSpan(Take(byteCountMax / Unsafe.SizeOf<Half>())));

    private Range Take(long countMax)
    {
        var start = _next == Length ? 0 : _next;
        _next = start + (int)Math.Min(countMax, Length - start);
        return start.._next;
    }
}
