using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The heads of calls in Python's notation: a name and a parenthesis, in a list or not.</summary>
/// <param name="isName">Whether a text may be a name.</param>
/// <param name="open">What reads the arguments.</param>
internal sealed class PythonCallHead(Func<string, bool> isName, Func<IGrowingArguments> open) : ICallHead
{
    private readonly StringBuilder _text = new();

    /// <summary>What may stand before the next name.</summary>
    private char _before = '[';
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone)
        {
            return null;
        }

        if (character != '(')
        {
            _text.Append(character);
            return null;
        }

        var text = _text.ToString().Trim();
        var name = text.StartsWith(_before) ? text[1..].TrimStart() : text;
        _text.Clear();
        _before = ',';
        _isDone = !isName(name);
        return _isDone ? null : name;
    }

    public IGrowingArguments Open() => open();
}
