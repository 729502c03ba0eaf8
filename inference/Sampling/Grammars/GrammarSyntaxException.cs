namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>A grammar's text cannot be used; the message names line and column where there is one.</summary>
internal sealed class GrammarSyntaxException : Exception
{
    /// <summary>Refuses a grammar at a place in its text.</summary>
    public GrammarSyntaxException(string message, int line, int column)
        : base(FormattableString.Invariant($"line {line}, column {column}: {message}"))
    {
    }

    /// <summary>Refuses a grammar as a whole.</summary>
    public GrammarSyntaxException(string message)
        : base(message)
    {
    }
}
