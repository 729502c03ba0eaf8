namespace Ollama.Platform.Prompting.Rendering;

/// <summary>A template does not parse, failed, or exceeded its limits.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>Reports a failure at a place of the template.</summary>
    /// <param name="message">What is wrong, in one sentence.</param>
    /// <param name="line">Line of the template, from 1; 0 when the place is unknown.</param>
    /// <param name="column">Column of the line, from 1; 0 when the place is unknown.</param>
    public TemplateException(string message, int line, int column)
        : base(line > 0 ? $"template:{line}:{column}: {message}" : $"template: {message}") =>
        (Line, Column) = (line, column);

    /// <summary>Line of the template, from 1; 0 when unknown.</summary>
    public int Line { get; }

    /// <summary>Column of the line, from 1; 0 when unknown.</summary>
    public int Column { get; }
}
