namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A schema cannot be honoured; the message says which keyword, where, and why.</summary>
public sealed class GrammarException : Exception
{
    /// <summary>Refuses a schema.</summary>
    /// <param name="path">JSON pointer of the keyword, with <c>#</c> for the schema as a whole.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence.</param>
    public GrammarException(string path, string problem)
        : base($"{path}: {problem}") => (Path, Problem) = (path, problem);

    /// <summary>JSON pointer of what is to blame.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, as the end of a sentence.</summary>
    public string Problem { get; }
}
