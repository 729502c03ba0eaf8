namespace Ollama.Platform.LlamaCpp.Logging;

/// <summary>
/// Collects the lines that the library logs on this thread until disposal, so that a failed call can say why and a
/// load what it allocated. The library logs a load and the making of a context on the thread that called.
/// </summary>
internal sealed class LlamaLogCapture : IDisposable
{
    // A load logs some hundred lines; what counts for a failure stands at the end, what counts for memory is short.
    private const int LinesMax = 4096;

    [ThreadStatic]
    private static LlamaLogCapture? _current;

    private readonly LlamaLogCapture? _outer;
    private readonly List<LlamaLogLine> _lines = [];

    private readonly Action<LlamaLogLine>? _listener;

    /// <summary>Begins to collect.</summary>
    /// <param name="listener">Hears each line on this thread, within the native call; must not throw.</param>
    public LlamaLogCapture(Action<LlamaLogLine>? listener = null)
    {
        _listener = listener;
        _outer = _current;
        _current = this;
    }

    /// <summary>What was logged so far.</summary>
    public IReadOnlyList<LlamaLogLine> Lines => _lines;

    /// <summary>Hands a line of this thread to the capture that is open on it, if any.</summary>
    public static void Add(LlamaLogLine line)
    {
        if (_current is not { } capture)
        {
            return;
        }

        if (capture._lines.Count < LinesMax)
        {
            capture._lines.Add(line);
        }

        capture._listener?.Invoke(line);
    }

    /// <summary>
    /// The errors in one sentence, without the names of native functions; or the given text when there are none.
    /// </summary>
    public string DescribeErrors(string otherwise)
    {
        var errors = _lines
            .Where(line => line.Level == LlamaLogLevel.Error)
            .Select(line => WithoutFunction(line.Text))
            .Where(text => text.Length > 0)
            .Distinct()
            .TakeLast(4);
        var text = string.Join("; ", errors);
        return text.Length > 0 ? text : otherwise;
    }

    /// <summary>Ends collecting.</summary>
    public void Dispose() => _current = _outer;

    // "llama_model_load: error loading model: …" → "error loading model: …"
    private static string WithoutFunction(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && !text.AsSpan(0, colon).Contains(' ') ? text[(colon + 2)..].Trim() : text.Trim();
    }
}
