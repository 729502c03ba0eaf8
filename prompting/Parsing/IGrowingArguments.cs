using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Makes JSON of the arguments of one call while the model writes them.</summary>
internal interface IGrowingArguments
{
    /// <summary>What is certain of the JSON; it only grows, and has begun.</summary>
    StringBuilder Json { get; }

    /// <summary>
    /// Reads the next character; true when it completes the JSON. Whatever cannot be followed adds nothing more.
    /// </summary>
    bool Read(char character);
}
