using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>
/// The bytes of one tensor on their way from one file to another, a megabyte at a time. Experts come as tensors of
/// their own and become parts of one.
/// </summary>
/// <param name="File">Where the tensor lies.</param>
/// <param name="Tensor">Its entry.</param>
/// <param name="HeadCount">
/// When not 0, the rows belong to so many heads whose halves are rotated against each other: the rows of both halves
/// are to alternate, since the engine rotates neighbours.
/// </param>
/// <param name="Added">What is added to each number.</param>
internal sealed record TensorPart(SafetensorsFile File, SafetensorsTensor Tensor, int HeadCount = 0, float Added = 0)
{
    private const int BufferElements = 256 * 1024;

    /// <summary>Writes the elements in a GGUF type.</summary>
    public void Write(Stream output, GgmlType type, CancellationToken cancellationToken)
    {
        using var file = System.IO.File.OpenHandle(File.Path, options: FileOptions.SequentialScan);
        var source = ArrayPool<byte>.Shared.Rent(BufferElements * sizeof(float));
        var floats = ArrayPool<float>.Shared.Rent(BufferElements);
        try
        {
            var element = Tensor.Type.Bytes;
            var rowBytes = Tensor.Shape.Count > 1 ? Tensor.Bytes / Tensor.Shape[0] : element;
            var headBytes = HeadCount > 0 ? Tensor.Bytes / HeadCount : Tensor.Bytes;
            for (long head = 0; head < Tensor.Bytes; head += headBytes)
            {
                var rows = HeadCount > 0 ? new HeadRows(Tensor.Offset + head, rowBytes, headBytes) : null;
                if (rows is null)
                {
                    Copy(file, Tensor.Offset, headBytes);
                }
                else if (headBytes <= source.Length / 2)
                {
                    // A head at a time: its rows are put in order in memory.
                    Fill(file, source.AsSpan(0, (int)headBytes), rows.Offset);
                    var ordered = source.AsSpan((int)headBytes, (int)headBytes);
                    rows.Order(source.AsSpan(0, (int)headBytes), ordered);
                    Convert(ordered);
                }
                else
                {
                    foreach (var offset in rows.Offsets())
                    {
                        Copy(file, offset, rowBytes);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(source);
            ArrayPool<float>.Shared.Return(floats);
        }

        void Copy(SafeFileHandle handle, long offset, long bytes)
        {
            for (long done = 0; done < bytes;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = (int)Math.Min(bytes - done, (long)BufferElements * Tensor.Type.Bytes);
                var piece = source.AsSpan(0, count);
                Fill(handle, piece, offset + done);
                Convert(piece);
                done += count;
            }
        }

        void Convert(ReadOnlySpan<byte> piece)
        {
            if (Tensor.Type.Name == type.Name && Added == 0)
            {
                output.Write(piece);
                return;
            }

            var step = BufferElements * Tensor.Type.Bytes;
            for (var start = 0; start < piece.Length; start += step)
            {
                var part = piece[start..Math.Min(start + step, piece.Length)];
                Write(output, Tensor.Type, part, type, floats, Added);
            }
        }
    }

    private static void Write(
        Stream output, SafetensorsType from, ReadOnlySpan<byte> piece, GgmlType to, float[] floats, float added)
    {
        var numbers = floats.AsSpan(0, piece.Length / from.Bytes);
        TensorElements.Read(from, piece, numbers);
        if (added != 0)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(numbers, added, numbers);
        }

        if (to.Name == "F32")
        {
            output.Write(MemoryMarshal.AsBytes(numbers));
            return;
        }

        var target = ArrayPool<byte>.Shared.Rent(numbers.Length * to.BlockBytes);
        try
        {
            var bytes = target.AsSpan(0, numbers.Length * to.BlockBytes);
            TensorElements.Write(numbers, to.Name, bytes);
            output.Write(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(target);
        }
    }

    private void Fill(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var count = RandomAccess.Read(file, target, offset);
            if (count == 0)
            {
                throw new ConversionException($"The tensor '{Tensor.Name}' ended while it was read.");
            }

            target = target[count..];
            offset += count;
        }
    }

    /// <summary>The rows of one head in the order in which they are written.</summary>
    private sealed record HeadRows(long Offset, long RowBytes, long HeadBytes)
    {
        public IEnumerable<long> Offsets()
        {
            var half = HeadBytes / RowBytes / 2;
            for (long row = 0; row < half; row++)
            {
                yield return Offset + (row * RowBytes);
                yield return Offset + ((half + row) * RowBytes);
            }
        }

        public void Order(ReadOnlySpan<byte> rows, Span<byte> ordered)
        {
            var (row, half) = ((int)RowBytes, (int)(HeadBytes / 2));
            for (var start = 0; start < half; start += row)
            {
                rows.Slice(start, row).CopyTo(ordered[(2 * start)..]);
                rows.Slice(half + start, row).CopyTo(ordered[((2 * start) + row)..]);
            }
        }
    }
}
