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
    private const int ErrorsMax = 4;
    private const int ErrorsMilliseconds = 1000;

    private static readonly Lock ReadersChange = new();

    [ThreadStatic]
    private static MemoryStream? _unfinished;

    [ThreadStatic]
    private static LlamaLogLevel _level;

    // The last errors of this thread and when the last of them came: what the library says just before it aborts.
    [ThreadStatic]
    private static Queue<string>? _errors;

    [ThreadStatic]
    private static long _errorTicks;

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

    /// <summary>A message with which the library aborts, in one line with the errors that led to it.</summary>
    public static string DescribeAbort(string message)
    {
        var isRecent = Environment.TickCount64 - _errorTicks <= ErrorsMilliseconds;
        return _errors is { Count: > 0 } errors && isRecent
            ? $"{message} ({string.Join("; ", errors.Select(error => error.Trim()))})"
            : message;
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
        if (line.Level == LlamaLogLevel.Error)
        {
            KeepError(line.Text);
        }

        foreach (var reader in _readers)
        {
            reader.TryWrite(line);
        }
    }

    private static void KeepError(string text)
    {
        _errors ??= new Queue<string>();
        _errors.Enqueue(text);
        if (_errors.Count > ErrorsMax)
        {
            _errors.Dequeue();
        }

        _errorTicks = Environment.TickCount64;
    }
}
