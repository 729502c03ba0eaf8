using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// The heads of calls that are JSON objects, alone or in a list: a name, and behind it the arguments as an object.
/// Whatever else the objects hold is passed over; arguments in front of their name are none that could be followed.
/// </summary>
/// <param name="nameKeys">Keys of the name.</param>
/// <param name="argumentKeys">Keys of the arguments.</param>
internal sealed class JsonCallHead(IReadOnlyList<string> nameKeys, IReadOnlyList<string> argumentKeys) : ICallHead
{
    private readonly StringBuilder _text = new();
    private BracketBalance _nested = new();
    private Place _place;
    private string? _key;
    private string? _name;
    private bool _isEscaped;

    /// <summary>Where the next character belongs.</summary>
    private enum Place
    {
        /// <summary>Before the object of a call.</summary>
        Outside,

        /// <summary>Between the members of an object; numbers and literals count as this, too.</summary>
        Between,
        Key,
        BehindKey,
        Value,
        Text,

        /// <summary>In a value that is no argument.</summary>
        Nested,

        /// <summary>Nothing that follows is of interest.</summary>
        Done,
    }

    /// <summary>A call may be an object with its name as the only key and its arguments under it.</summary>
    public bool NamesAreKeys { get; init; }

    /// <summary>Only the first object is of interest.</summary>
    public bool IsSingle { get; init; }

    public string? Read(char character)
    {
        switch (_place)
        {
            case Place.Outside when character == '{':
                (_place, _key, _name) = (Place.Between, null, null);
                break;
            case Place.Between when character == '"':
                BeginText(Place.Key);
                break;
            case Place.Between when character == '}':
                _place = IsSingle ? Place.Done : Place.Outside;
                break;
            case Place.Key when EndsText(character):
                // A key that cannot be read ends it.
                _place = Place.BehindKey;
                _key = TakeText();
                break;
            case Place.BehindKey when character == ':':
                _place = Place.Value;
                break;
            case Place.Value:
                return ReadValue(character);
            case Place.Text when EndsText(character):
                _place = Place.Between;
                _name = string.IsNullOrEmpty(_name) && nameKeys.Contains(_key) ? TakeText() : _name;
                break;
            case Place.Nested when _nested.Closes(character):
                _place = Place.Between;
                break;
            default:
                break;
        }

        return null;
    }

    private string? ReadValue(char character)
    {
        if (character == '{' && argumentKeys.Contains(_key))
        {
            _place = string.IsNullOrEmpty(_name) ? Place.Done : Place.Between;
            return _place == Place.Done ? null : _name;
        }

        switch (character)
        {
            case '{' when NamesAreKeys && _name is null && _key is { Length: > 0 } && !nameKeys.Contains(_key):
                _place = Place.Between;
                return _key;
            case '{' or '[':
                _nested = new();
                _nested.Closes(character);
                _place = Place.Nested;
                break;
            case '"':
                BeginText(Place.Text);
                break;
            default:
                _place = char.IsWhiteSpace(character) ? Place.Value : Place.Between;
                break;
        }

        return null;
    }

    private void BeginText(Place place)
    {
        _text.Clear().Append('"');
        (_place, _isEscaped) = (place, false);
    }

    private bool EndsText(char character)
    {
        _text.Append(character);
        var ends = character == '"' && !_isEscaped;
        _isEscaped = character == '\\' && !_isEscaped;
        return ends;
    }

    // A key or a name may hold escapes, also such as cannot be read.
    private string? TakeText()
    {
        try
        {
            using var text = JsonDocument.Parse(_text.ToString());
            return text.RootElement.GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            _place = Place.Done;
            return null;
        }
    }
}
