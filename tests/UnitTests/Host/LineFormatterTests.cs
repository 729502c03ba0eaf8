using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Host;

namespace Ollama.Platform.UnitTests.Host;

/// <summary>What a line of the log looks like.</summary>
public sealed class LineFormatterTests
{
    [Fact]
    public void An_entry_is_a_line_with_time_level_source_and_message()
    {
        var line = Write(LogLevel.Information, "listens", exception: null);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d info: a\.Source: listens\n$", line);
    }

    [Fact]
    public void What_a_client_sent_cannot_begin_a_line()
    {
        var line = Write(LogLevel.Warning, "a name\r\n2026-01-01 info: forged", exception: null);
        Assert.EndsWith("warn: a.Source: a name 2026-01-01 info: forged\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_tells_the_causes_and_an_error_the_stack_too()
    {
        var failure = Thrown();
        var causes = "InvalidOperationException: outer ← IOException: inner one";
        Assert.EndsWith($"failed {causes}\n", Write(LogLevel.Warning, "failed", failure), StringComparison.Ordinal);
        var error = Write(LogLevel.Error, "failed", failure);
        Assert.Contains("LineFormatterTests.Thrown", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new IOException("inner\none"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private static string Write(LogLevel level, string message, Exception? exception)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(level, "a.Source", default, message, exception, (state, _) => state);
        new LineFormatter(new ManualTimeProvider()).Write(entry, scopeProvider: null, writer);
        return writer.ToString();
    }
}
