using System.Buffers;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Joins the parts of a split model: the first part's metadata, and the tensors of all.</summary>
public static class GgufJoiner
{
    private const int BufferBytes = 1024 * 1024;
    private const long AlignmentDefault = 32;
    private const string SplitPrefix = "split.";

    /// <summary>Writes the whole model; the parts are in the order of <see cref="SplitParts.Order"/>.</summary>
    public static async Task WriteAsync(
        IReadOnlyList<SplitPart> parts, string targetPath, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var first = parts[0].File;
        var alignment = first.FindInteger("general.alignment") ?? AlignmentDefault;
        await using var output = new FileStream(
            targetPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes, FileOptions.Asynchronous);
        await WriteHeaderAsync(parts, alignment, output, cancellationToken);
        foreach (var part in parts)
        {
            await using var source = new FileStream(
                part.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1,
                FileOptions.Asynchronous);
            foreach (var tensor in part.File.Tensors)
            {
                await PadAsync(output, alignment, cancellationToken);
                await CopyAsync(source, part.File.DataOffset + tensor.Offset, tensor.Bytes, output, cancellationToken);
            }
        }

        await PadAsync(output, alignment, cancellationToken);
    }

    private static async Task WriteHeaderAsync(
        IReadOnlyList<SplitPart> parts, long alignment, FileStream output, CancellationToken cancellationToken)
    {
        var first = parts[0].File;
        var keys = first.Values
            .Where(value => !value.Key.StartsWith(SplitPrefix, StringComparison.Ordinal)).ToList();
        var tensors = parts.SelectMany(part => part.File.Tensors).ToList();
        var counts = new ArrayBufferWriter<byte>();
        GgufHeaderWriter.WriteCounts(counts, first.Version, tensors.Count, keys.Count);
        await output.WriteAsync(counts.WrittenMemory, cancellationToken);
        await using (var source = GgufFile.Open(parts[0].Path))
        {
            foreach (var key in keys)
            {
                await CopyAsync(source, key.RecordOffset, key.RecordBytes, output, cancellationToken);
            }
        }

        var table = new ArrayBufferWriter<byte>();
        GgufHeaderWriter.WriteTable(
            table, tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes)), alignment);
        await output.WriteAsync(table.WrittenMemory, cancellationToken);
    }

    private static async Task CopyAsync(
        FileStream source, long offset, long bytes, FileStream output, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            source.Position = offset;
            while (bytes > 0)
            {
                var count = await source.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellationToken);
                if (count == 0)
                {
                    throw new GgufException($"The file {Path.GetFileName(source.Name)} became shorter.");
                }

                await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                bytes -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task PadAsync(FileStream output, long alignment, CancellationToken cancellationToken)
    {
        var zeros = new byte[GgufHeaderWriter.Align(output.Position, alignment) - output.Position];
        await output.WriteAsync(zeros, cancellationToken);
    }
}
