using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Converts floats between the types of both formats, many at a time. Pure.</summary>
internal static class TensorElements
{
    /// <summary>Reads floats of a safetensors type.</summary>
    public static void Read(SafetensorsType type, ReadOnlySpan<byte> source, Span<float> floats)
    {
        switch (type.Name)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(source).CopyTo(floats);
                break;
            case "F16":
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), floats);
                break;
            case "BF16":
                ReadBFloat16(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<float, uint>(floats));
                break;
            default:
                throw new ConversionException($"Tensors of the type {type.Name} cannot be converted.");
        }
    }

    /// <summary>Writes floats in a GGUF type, rounded to the nearest, ties to even.</summary>
    /// <exception cref="ConversionException">A number is too large for 16-bit floats.</exception>
    public static void Write(ReadOnlySpan<float> floats, string typeName, Span<byte> target)
    {
        switch (typeName)
        {
            case "F32":
                MemoryMarshal.AsBytes(floats).CopyTo(target);
                break;
            case "F16":
                // Halves end at 65504; what would round to infinity begins 16 above.
                if (!floats.IsEmpty && MathF.Abs(TensorPrimitives.MaxMagnitude(floats)) >= 65520f)
                {
                    throw new ConversionException("A weight is too large for 16-bit floats.");
                }

                TensorPrimitives.ConvertToHalf(floats, MemoryMarshal.Cast<byte, Half>(target));
                break;
            default:
                WriteBFloat16(MemoryMarshal.Cast<float, uint>(floats), MemoryMarshal.Cast<byte, ushort>(target));
                break;
        }
    }

    private static void ReadBFloat16(ReadOnlySpan<ushort> source, Span<uint> bits)
    {
        var index = 0;
        for (; index <= source.Length - Vector<ushort>.Count; index += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[index..]), out var low, out var high);
            (low << 16).CopyTo(bits[index..]);
            (high << 16).CopyTo(bits[(index + Vector<uint>.Count)..]);
        }

        for (; index < source.Length; index++)
        {
            bits[index] = (uint)source[index] << 16;
        }
    }

    private static void WriteBFloat16(ReadOnlySpan<uint> bits, Span<ushort> target)
    {
        var index = 0;
        for (; index <= bits.Length - Vector<ushort>.Count; index += Vector<ushort>.Count)
        {
            Vector.Narrow(
                Round(new Vector<uint>(bits[index..])),
                Round(new Vector<uint>(bits[(index + Vector<uint>.Count)..]))).CopyTo(target[index..]);
        }

        for (; index < bits.Length; index++)
        {
            var one = bits[index];
            target[index] = (ushort)((one & 0x7FFFFFFF) > 0x7F800000
                ? (one >> 16) | 0x40
                : (one + 0x7FFF + ((one >> 16) & 1)) >> 16);
        }
    }

    // Adding half of the last place that stays rounds to the nearest; a NaN must not become infinity by it.
    private static Vector<uint> Round(Vector<uint> bits)
    {
        var high = bits >>> 16;
        var rounded = (bits + new Vector<uint>(0x7FFF) + (high & Vector<uint>.One)) >>> 16;
        var isNaN = Vector.GreaterThan(bits & new Vector<uint>(0x7FFFFFFF), new Vector<uint>(0x7F800000));
        return Vector.ConditionalSelect(isNaN, high | new Vector<uint>(0x40), rounded);
    }
}
