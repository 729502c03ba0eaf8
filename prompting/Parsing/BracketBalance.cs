namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds the end of JSON in a text that is still growing: where its first bracket closes.</summary>
internal sealed class BracketBalance
{
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;

    /// <summary>Some bracket has been opened.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Reads a character; true when it closes the first bracket.</summary>
    public bool Closes(char character)
    {
        if (_isInText)
        {
            _isInText = _isEscaped || character != '"';
            _isEscaped = !_isEscaped && character == '\\';
            return false;
        }

        switch (character)
        {
            case '"' when HasBegun:
                _isInText = true;
                return false;
            case '{' or '[':
                HasBegun = true;
                _depth++;
                return false;
            case '}' or ']' when HasBegun:
                return --_depth == 0;
            default:
                return false;
        }
    }
}
