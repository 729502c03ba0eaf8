using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The head of a call whose name is text in front of its arguments.</summary>
/// <param name="findName">The name that stands in the text before the first brace; null where there is none.</param>
internal sealed class SeparatedCallHead(Func<string, string?> findName) : ICallHead
{
    private readonly StringBuilder _text = new();
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone)
        {
            return null;
        }

        if (character != '{')
        {
            _text.Append(character);
            return null;
        }

        _isDone = true;
        return findName(_text.ToString());
    }
}
