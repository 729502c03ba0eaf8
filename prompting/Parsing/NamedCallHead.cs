namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The head of a body that is nothing but the arguments of a call whose name is known.</summary>
/// <param name="name">The name.</param>
internal sealed class NamedCallHead(string name) : ICallHead
{
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone || char.IsWhiteSpace(character))
        {
            return null;
        }

        _isDone = true;
        return character == '{' ? name : null;
    }
}
