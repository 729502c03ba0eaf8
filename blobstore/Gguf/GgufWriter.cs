using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// Writes GGUF files of version 3: the header at once, then one tensor after the other as its writer produces it, so
/// that no tensor need be in memory.
/// </summary>
public static class GgufWriter
{
    private const uint Magic = 0x46554747;
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <summary>Writes a file.</summary>
    /// <param name="output">Where it goes; must tell its position.</param>
    /// <param name="keys">The metadata.</param>
    /// <param name="tensors">The tensors in the order of the file.</param>
    /// <param name="tensorWritten">Called after each tensor with the number of those written.</param>
    /// <param name="cancellationToken">Ends the writing with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">A tensor came out longer or shorter than it had to.</exception>
    public static void Write(
        Stream output, GgufKeys keys, IReadOnlyList<GgufTensorWriter> tensors, Action<int>? tensorWritten,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(tensors);
        var start = output.Position;
        output.Write(Header(keys, tensors));
        Pad(output, start);
        for (var index = 0; index < tensors.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tensor = tensors[index];
            var begin = output.Position;
            tensor.Write(output, cancellationToken);
            if (output.Position - begin != tensor.Bytes)
            {
                throw new InvalidOperationException(
                    $"The tensor '{tensor.Name}' took {output.Position - begin} bytes, not {tensor.Bytes}.");
            }

            Pad(output, start);
            tensorWritten?.Invoke(index + 1);
        }
    }

    private static ReadOnlySpan<byte> Header(GgufKeys keys, IReadOnlyList<GgufTensorWriter> tensors)
    {
        var header = new MemoryStream();
        Write(header, Magic);
        Write(header, Version);
        Write(header, (ulong)tensors.Count);
        Write(header, (ulong)keys.Count);
        header.Write(keys.Bytes.Span);
        long offset = 0;
        foreach (var tensor in tensors)
        {
            var name = Encoding.UTF8.GetBytes(tensor.Name);
            Write(header, (ulong)name.Length);
            header.Write(name);
            Write(header, (uint)tensor.Shape.Count);
            foreach (var dimension in tensor.Shape)
            {
                Write(header, (ulong)dimension);
            }

            Write(header, tensor.Type.Id);
            Write(header, (ulong)offset);
            offset = Align(offset + tensor.Bytes);
        }

        return header.GetBuffer().AsSpan(0, (int)header.Length);
    }

    private static void Pad(Stream output, long start)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        var written = output.Position - start;
        output.Write(zeros[..(int)(Align(written) - written)]);
    }

    private static long Align(long offset) => (offset + Alignment - 1) & -Alignment;

    private static void Write(MemoryStream header, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        header.Write(bytes);
    }

    private static void Write(MemoryStream header, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        header.Write(bytes);
    }
}
