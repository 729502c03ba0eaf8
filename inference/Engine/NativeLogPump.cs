using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Writes the native library's log to ours, on a task of its own: the library logs on any thread, the decode thread
/// too, which must not wait for a log's sink. A burst beyond the queue loses its oldest lines.
/// </summary>
internal sealed partial class NativeLogPump : IDisposable
{
    // A load logs some hundred lines at once.
    private const int LinesMax = 2048;

    private readonly LlamaLibrary _library;
    private readonly ILogger _logger;

    private readonly Channel<LlamaLogLine> _lines = Channel.CreateBounded<LlamaLogLine>(
        new BoundedChannelOptions(LinesMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Begins to write.</summary>
    public NativeLogPump(LlamaLibrary library, ILogger logger)
    {
        _library = library;
        _logger = logger;
        _library.AddLogReader(_lines.Writer);
        Ended = Task.Run(WriteAsync);
    }

    /// <summary>Completes when the last line was written, after disposal.</summary>
    public Task Ended { get; }

    /// <summary>Stops; lines that are waiting are still written.</summary>
    public void Dispose()
    {
        _library.RemoveLogReader(_lines.Writer);
        _lines.Writer.TryComplete();
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            Write(line);
        }
    }

    // The library's "info" is a page for each load and its warnings are hints for its developers: both are Debug here.
    // An error of a load is also in the exception that tells of it.
    private void Write(LlamaLogLine line)
    {
        if (line.Level == LlamaLogLevel.Error)
        {
            Log.NativeError(_logger, line.Text);
        }
        else
        {
            Log.NativeLine(_logger, line.Text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Text}")]
        public static partial void NativeError(ILogger logger, string text);

        [LoggerMessage(LogLevel.Debug, "{Text}")]
        public static partial void NativeLine(ILogger logger, string text);
    }
}
