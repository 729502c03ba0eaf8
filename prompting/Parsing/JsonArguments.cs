using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Arguments that are written as the JSON that they are, behind their first brace.</summary>
internal sealed class JsonArguments : IGrowingArguments
{
    private readonly BracketBalance _balance = new();

    public JsonArguments() => _balance.Closes('{');

    public StringBuilder Json { get; } = new("{");

    public bool Read(char character)
    {
        Json.Append(character);
        return _balance.Closes(character);
    }
}
