using Microsoft.Extensions.Logging;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>
/// What a runner's process prints: nothing, unless native code dies or the runtime does. Logged line by line, in pieces
/// of bounded length and number; the last line that tells of an error is remembered.
/// </summary>
internal sealed partial class ProcessOutput
{
    private const int LineLengthMax = 1024;

    // A program that prints without end must not fill the log of its server.
    private const int LogLinesMax = 1000;

    private readonly int _processId;
    private readonly ILogger _logger;
    private volatile string? _lastError;
    private int _lineCount;

    /// <summary>Begins to read.</summary>
    public ProcessOutput(int processId, TextReader output, TextReader errors, ILogger logger)
    {
        (_processId, _logger) = (processId, logger);
        Ended = Task.WhenAll(ReadAsync(output), ReadAsync(errors));
    }

    /// <summary>Completes when the process can print no more.</summary>
    public Task Ended { get; }

    /// <summary>The last line that tells of an error; null when none does.</summary>
    public string? LastError => _lastError;

    private async Task ReadAsync(TextReader reader)
    {
        var buffer = new char[LineLengthMax];
        var length = 0;
        try
        {
            while (await reader.ReadAsync(buffer.AsMemory(length), CancellationToken.None) is > 0 and var count)
            {
                length += count;
                length = WriteLines(buffer, length);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The process is gone; what it said is here.
        }

        WriteLine(buffer.AsSpan(0, length));
    }

    /// <summary>Writes whole lines, and a full buffer as one; returns the characters that are left.</summary>
    private int WriteLines(char[] buffer, int length)
    {
        var start = 0;
        while (buffer.AsSpan(start, length - start).IndexOf('\n') is >= 0 and var end)
        {
            WriteLine(buffer.AsSpan(start, end));
            start += end + 1;
        }

        if (start == 0 && length == buffer.Length)
        {
            WriteLine(buffer);
            return 0;
        }

        buffer.AsSpan(start, length - start).CopyTo(buffer);
        return length - start;
    }

    private void WriteLine(ReadOnlySpan<char> characters)
    {
        var line = characters.Trim().ToString();
        if (line.Length == 0)
        {
            return;
        }

        if (line.Contains("error", StringComparison.OrdinalIgnoreCase)
            || line.Contains("GGML_ASSERT", StringComparison.Ordinal))
        {
            _lastError = line;
        }

        switch (Interlocked.Increment(ref _lineCount))
        {
            case <= LogLinesMax:
                Log.Printed(_logger, _processId, line);
                break;
            case LogLinesMax + 1:
                Log.PrintsTooMuch(_logger, _processId, LogLinesMax);
                break;
            default:
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The runner's process {ProcessId} printed: {Line}")]
        public static partial void Printed(ILogger logger, int processId, string line);

        [LoggerMessage(
            LogLevel.Warning,
            "The runner's process {ProcessId} printed more than {LogLinesMax} lines; the rest is left out.")]
        public static partial void PrintsTooMuch(ILogger logger, int processId, int logLinesMax);
    }
}
