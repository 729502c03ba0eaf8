using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Silo.Models;

/// <summary>Reads a completion that no template shaped: everything is answer text.</summary>
internal sealed class PlainParser : IOutputParser
{
    /// <inheritdoc/>
    public ParsedOutput Read(string text) => text.Length == 0 ? ParsedOutput.Empty : new ParsedOutput { Content = text };

    /// <inheritdoc/>
    public ParsedOutput Finish() => ParsedOutput.Empty;
}
