using System.Text;
using System.Threading.Channels;

namespace Ollama.Platform.LlamaCpp.Logging;

/// <summary>
/// The library's one log. Its callback is process-global and fires on any thread, so it only joins pieces to lines
/// and hands them to bounded queues; readers write them where they belong. A full queue loses its oldest line.
/// </summary>
internal static class LlamaLog
{
    private const int LineBytesMax = 16 * 1024;

    private static readonly Lock ReadersChange = new();

    [ThreadStatic]
    private static MemoryStream? _unfinished;

    [ThreadStatic]
    private static LlamaLogLevel _level;

    // Replaced as a whole, so that the callback reads it without a lock.
    private static volatile ChannelWriter<LlamaLogLine>[] _readers = [];

    /// <summary>Sends every line from now on to a queue.</summary>
    public static void Subscribe(ChannelWriter<LlamaLogLine> reader)
    {
        lock (ReadersChange)
        {
            _readers = [.. _readers, reader];
        }
    }

    /// <summary>Stops sending.</summary>
    public static void Unsubscribe(ChannelWriter<LlamaLogLine> reader)
    {
        lock (ReadersChange)
        {
            _readers = [.. _readers.Where(other => other != reader)];
        }
    }

    /// <summary>Takes what the library logs: a line, several, or a piece of one. Never throws.</summary>
    /// <param name="level">Importance, or that the piece goes on with the last one.</param>
    /// <param name="piece">UTF-8.</param>
    public static void Append(LlamaLogLevel level, ReadOnlySpan<byte> piece)
    {
        if (level != LlamaLogLevel.Continuation)
        {
            _level = level;
        }

        // Debug lines are dumps of graphs, hundreds for a context and some while decoding.
        if (_level == LlamaLogLevel.Debug)
        {
            return;
        }

        while (!piece.IsEmpty)
        {
            var end = piece.IndexOf((byte)'\n');
            if (end < 0)
            {
                Keep(piece);
                return;
            }

            Complete(piece[..end]);
            piece = piece[(end + 1)..];
        }
    }

    private static void Keep(ReadOnlySpan<byte> piece)
    {
        _unfinished ??= new MemoryStream();
        if (_unfinished.Length + piece.Length <= LineBytesMax)
        {
            _unfinished.Write(piece);
        }
    }

    private static void Complete(ReadOnlySpan<byte> end)
    {
        var text = Encoding.UTF8.GetString(end);
        if (_unfinished is { Length: > 0 } unfinished)
        {
            text = Encoding.UTF8.GetString(unfinished.GetBuffer(), 0, (int)unfinished.Length) + text;
            unfinished.SetLength(0);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var line = new LlamaLogLine(_level, text.TrimEnd());
        LlamaLogCapture.Add(line);
        foreach (var reader in _readers)
        {
            reader.TryWrite(line);
        }
    }
}
