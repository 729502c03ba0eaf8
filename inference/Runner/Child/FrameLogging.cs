using Microsoft.Extensions.Logging;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>Makes log lines of a runner's process to frames for its owner.</summary>
internal sealed class FrameLogging(FrameOutbox outbox, LogLevel lowest) : ILoggerProvider
{
    // The owner cuts nothing; a line longer than this tells nobody more.
    private const int TextLengthMax = 16 * 1024;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new FrameLogger(outbox, lowest);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class FrameLogger(FrameOutbox outbox, LogLevel lowest) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var text = formatter(state, exception);
            text = exception is null ? text : $"{text}\n{exception}";
            outbox.Add(new LogFrame(logLevel, text.Length > TextLengthMax ? text[..TextLengthMax] : text));
        }
    }
}
