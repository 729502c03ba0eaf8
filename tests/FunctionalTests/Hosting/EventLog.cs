using Microsoft.Extensions.Logging;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>Keeps the names of the log's events, such as Loaded and Unloaded, and lets a test await them.</summary>
internal sealed class EventLog : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<(string Name, int Count, TaskCompletionSource Seen)> _awaited = [];

    /// <summary>How often it happened.</summary>
    public int Count(string name)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(name);
        }
    }

    /// <summary>Completes when it has happened so often.</summary>
    public Task SeenAsync(string name, int count = 1)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((name, count, seen));
            Complete(name);
            return seen.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void Dispose()
    {
    }

    private void Add(string name)
    {
        lock (_lock)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
            Complete(name);
        }
    }

    private void Complete(string name)
    {
        var count = _counts.GetValueOrDefault(name);
        foreach (var (_, _, seen) in _awaited.Where(awaited => awaited.Name == name && awaited.Count <= count))
        {
            seen.TrySetResult();
        }
    }

    private sealed class Writer(EventLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => log.Add(eventId.Name ?? "");
    }
}
