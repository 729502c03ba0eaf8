using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>Keeps the lines of each category.</summary>
internal sealed class LineLog : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lines = new();

    public IReadOnlyList<string> Lines(string category) =>
        _lines.TryGetValue(category, out var lines) ? [.. lines] : [];

    public ILogger CreateLogger(string categoryName) => new CategoryLog(_lines.GetOrAdd(categoryName, _ => new()));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class CategoryLog(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));
    }
}
