using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The head of a call whose name stands between a word and a brace.</summary>
/// <param name="prefix">The word.</param>
/// <param name="open">What reads the arguments of the call of that name.</param>
internal sealed class BracedCallHead(string prefix, Func<string, IGrowingArguments> open) : ICallHead
{
    private readonly StringBuilder _text = new();
    private string _name = "";
    private bool _isInName;
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone)
        {
            return null;
        }

        if (_isInName && character == '{')
        {
            _isDone = true;
            _name = _text.ToString().Trim();
            return _name.Length > 0 ? _name : null;
        }

        _text.Append(character);
        if (!_isInName && _text.Length >= prefix.Length
            && _text.ToString(_text.Length - prefix.Length, prefix.Length) == prefix)
        {
            _text.Clear();
            _isInName = true;
        }

        return null;
    }

    public IGrowingArguments Open() => open(_name);
}
