using System.Buffers;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// Writes GGUF files of version 3: the header at once, then one tensor after the other as its writer produces it, so
/// that no tensor need be in memory.
/// </summary>
public static class GgufWriter
{
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
        var header = new ArrayBufferWriter<byte>();
        GgufHeaderWriter.WriteCounts(header, Version, tensors.Count, keys.Count);
        header.Write(keys.Bytes.Span);
        GgufHeaderWriter.WriteTable(
            header, tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes)), Alignment);
        return header.WrittenSpan;
    }

    private static void Pad(Stream output, long start)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        var written = output.Position - start;
        output.Write(zeros[..(int)(GgufHeaderWriter.Align(written, Alignment) - written)]);
    }
}
