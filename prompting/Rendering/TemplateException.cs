namespace Ollama.Platform.Prompting.Rendering;

/// <summary>A template does not parse, failed, or exceeded its limits.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>Reports a failure at a place of the template.</summary>
    /// <param name="message">What is wrong, in one sentence.</param>
    /// <param name="line">Line of the template, from 1; 0 when the place is unknown.</param>
    /// <param name="column">Column of the line, from 1; 0 when the place is unknown.</param>
    public TemplateException(string message, int line, int column)
        : this(line > 0 ? $"template:{line}:{column}: {message}" : $"template: {message}") =>
        (Line, Column) = (line, column);

    private TemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Line of the template, from 1; 0 when unknown.</summary>
    public int Line { get; private init; }

    /// <summary>Column of the line, from 1; 0 when unknown.</summary>
    public int Column { get; }

    /// <summary>Reports a failure in the words in which users of Go know it.</summary>
    /// <param name="message">The whole message, which names the place.</param>
    /// <param name="line">Line of the template, from 1.</param>
    internal static TemplateException InWordsOfGo(string message, int line) => new(message) { Line = line };
}
