using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds JSON objects in a growing text, without looking twice at a character.</summary>
internal sealed class ObjectScanner
{
    private int _at;
    private int _start = -1;
    private int _depth;
    private int _brackets;
    private bool _isInString;
    private bool _isEscaped;

    /// <summary>Every bracket that was opened is closed again.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Begins a new text.</summary>
    public void Restart() => (_at, _start, _depth, _brackets, _isInString, _isEscaped, IsClosed)
        = (0, -1, 0, 0, false, false, false);

    /// <summary>The next object that is valid JSON, and where it ends; null while there is none.</summary>
    public (JsonElement Object, int End)? Find(StringBuilder text)
    {
        // One copy of what is new: a builder of many chunks is slow to index.
        var offset = _at;
        var fresh = text.ToString(offset, text.Length - offset);
        foreach (var character in fresh)
        {
            _at++;
            if (Closes(character) && TryParse(text.ToString(_start, _at - _start)) is { } found)
            {
                _start = -1;
                return (found, _at);
            }
        }

        return null;
    }

    /// <summary>Whether a character closes an outermost object.</summary>
    private bool Closes(char character)
    {
        if (_isInString)
        {
            _isInString = character != '"' || _isEscaped;
            _isEscaped = character == '\\' && !_isEscaped;
            return false;
        }

        switch (character)
        {
            case '"' when _depth > 0 || _brackets > 0:
                _isInString = true;
                break;
            case '{':
                _start = _depth == 0 ? _at - 1 : _start;
                _depth++;
                break;
            case '}' when _depth > 0:
                _depth--;
                IsClosed |= _depth == 0 && _brackets == 0;
                return _depth == 0;
            case '[' when _depth == 0:
                _brackets++;
                break;
            case ']' when _depth == 0 && _brackets > 0:
                _brackets--;
                IsClosed |= _brackets == 0;
                break;
        }

        return false;
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonTexts.RefuseBroken(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
