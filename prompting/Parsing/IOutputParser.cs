namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads a completion back: reasoning, answer text and tool calls. Takes the text in pieces cut anywhere and gives the
/// same joined result for every cut. One instance serves one completion, on one thread at a time.
/// </summary>
public interface IOutputParser
{
    /// <summary>Reads the next piece.</summary>
    /// <exception cref="OutputFormatException">A tool call is malformed.</exception>
    ParsedOutput Read(string text);

    /// <summary>Ends the completion: held-back text comes out; a cut tool call does not.</summary>
    ParsedOutput Finish();
}
