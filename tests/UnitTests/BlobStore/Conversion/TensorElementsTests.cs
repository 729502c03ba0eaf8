using System.Runtime.InteropServices;
using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

public sealed class TensorElementsTests
{
    // Every pattern of 16 bits, and three more so that the last ones do not fill a vector.
    private static readonly ushort[] Patterns =
        [.. Enumerable.Range(0, 65_536).Select(bits => (ushort)bits), 0x3F80, 0xC000, 0x0001];

    [Fact]
    public void Every_16_bit_float_becomes_the_same_number()
    {
        var (halves, brains) = (Read("F16"), Read("BF16"));

        for (var index = 0; index < Patterns.Length; index++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf(Patterns[index]), halves[index]);
            Assert.Equal((uint)Patterns[index] << 16, BitConverter.SingleToUInt32Bits(brains[index]));
        }
    }

    [Fact]
    public void Every_brain_float_comes_back()
    {
        var bytes = new byte[Patterns.Length * 2];

        TensorElements.Write(Read("BF16"), "BF16", bytes);

        var back = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var index = 0; index < Patterns.Length; index++)
        {
            // A NaN that only its last bits told from infinity stays one.
            var expected = (Patterns[index] & 0x7FFF) > 0x7F80 ? Patterns[index] | 0x40 : Patterns[index];
            Assert.Equal(expected, back[index]);
        }
    }

    [Fact]
    public void Numbers_are_rounded_to_the_nearest_and_ties_to_even()
    {
        float[] numbers =
        [
            .. Enumerable.Repeat(1f, 64), BitConverter.UInt32BitsToSingle(0x3F808000),
            BitConverter.UInt32BitsToSingle(0x3F818000), BitConverter.UInt32BitsToSingle(0x3F808001), -2.5f,
        ];
        var (brains, halves) = (new byte[numbers.Length * 2], new byte[numbers.Length * 2]);

        TensorElements.Write(numbers, "BF16", brains);
        TensorElements.Write(numbers, "F16", halves);

        Assert.Equal([0x3F80, 0x3F82, 0x3F81, 0xC020], MemoryMarshal.Cast<byte, ushort>(brains)[64..].ToArray());
        Assert.Equal(
            numbers.Select(number => BitConverter.HalfToUInt16Bits((Half)number)),
            MemoryMarshal.Cast<byte, ushort>(halves).ToArray());
    }

    private static float[] Read(string type)
    {
        SafetensorsType.TryGet(type, out var known);
        var floats = new float[Patterns.Length];
        TensorElements.Read(known!, MemoryMarshal.AsBytes(Patterns.AsSpan()), floats);
        return floats;
    }
}
