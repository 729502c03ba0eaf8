using System.Buffers;
using System.IO.Pipelines;

namespace Ollama.Platform.Api.Batches;

/// <summary>Reads the lines of a file that are not blank. Memory holds one line. Used by one task.</summary>
/// <param name="content">The file; not disposed.</param>
/// <param name="bytesMax">Longest line.</param>
internal sealed class LineReader(Stream content, int bytesMax) : IAsyncDisposable
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    // Every read looks through what there is of the line anew: large reads keep long lines cheap.
    private const int ReadBytes = 256 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(
        content, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));

    /// <summary>The line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>
    /// Bytes up to the end of the line that was read last, when that line ended in a line feed; the beginning of it
    /// otherwise.
    /// </summary>
    public long WholeBytes { get; private set; }

    /// <summary>
    /// The next line without its end; null when there is none. A line that is too long is given as an empty one.
    /// </summary>
    public async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken) is { } line)
        {
            Number++;
            var text = Number == 1 && line.AsSpan().StartsWith(Mark) ? line.AsMemory(Mark.Length) : line.AsMemory();
            if (line.Length == 0 || text.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return text.ToArray();
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    // A blank line comes back with its blanks; an empty one as one blank, since empty means too long.
    private async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        var isTooLong = false;
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var bytes = isTooLong || line.Length > bytesMax ? [] : line.IsEmpty ? " "u8.ToArray() : line.ToArray();
                var next = buffer.GetPosition(1, end);
                WholeBytes += buffer.Slice(0, next).Length;
                _pipe.AdvanceTo(next);
                return bytes;
            }

            if (read.IsCompleted)
            {
                var rest = buffer.Length > bytesMax ? [] : buffer.ToArray();
                _pipe.AdvanceTo(buffer.End);
                return isTooLong ? [] : buffer.IsEmpty ? null : rest;
            }

            if (buffer.Length > bytesMax)
            {
                isTooLong = true;
                WholeBytes += buffer.Length;
                _pipe.AdvanceTo(buffer.End);
            }
            else
            {
                _pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }
}
