using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Arguments whose values are literals, as <see cref="LiteralReader"/> reads them. Texts grow, other values come when
/// they are complete.
/// </summary>
/// <param name="style">What the family allows.</param>
/// <param name="frame">What stands around the values.</param>
/// <param name="types">The declared types.</param>
internal sealed class LiteralArguments(LiteralStyle style, LiteralFrame frame, ParameterTypes types) : IGrowingArguments
{
    /// <summary>What the end of a mended call takes off a text.</summary>
    private const string MendedEnd = "}] \n";

    private readonly TagFinder _markEnd = new(style.Mark);
    private readonly GrowingObject _object = new(types, keepsLineFeeds: true);
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _nested = new();
    private readonly HashSet<string> _keys = [];
    private string _key = "";
    private char _quote;
    private bool _isEscaped;
    private bool _isMarked;
    private int _depth;
    private Place _place;

    private enum Place
    {
        BeforeKey,
        Key,
        BeforeValue,

        /// <summary>In what may be the mark that opens a text.</summary>
        Mark,
        Marked,
        Quoted,
        Bare,

        /// <summary>In a list or an object.</summary>
        Nested,
        AfterValue,

        /// <summary>What follows is left to the reader.</summary>
        Lost,
    }

    public StringBuilder Json => _object.Json;

    public bool Read(char character)
    {
        switch (_place)
        {
            case Place.BeforeKey or Place.AfterValue:
                return ReadBetween(character);
            case Place.Key when character == frame.KeyEnd:
                EndKey();
                break;
            case Place.Key:
                _text.Append(character);
                break;
            case Place.BeforeValue when !char.IsWhiteSpace(character):
                return BeginValue(character);
            case Place.Mark:
                return ReadMark(character);
            case Place.Marked:
                ReadMarked(character);
                break;
            case Place.Quoted:
                ReadQuoted(character);
                break;
            case Place.Bare:
                return ReadBare(character);
            case Place.Nested:
                ReadNested(character);
                break;
            default:
                break;
        }

        return false;
    }

    private bool ReadBetween(char character)
    {
        if (char.IsWhiteSpace(character))
        {
            return false;
        }

        if (character == frame.Close)
        {
            _object.End();
            return true;
        }

        if (_place == Place.AfterValue && (character == ',' || frame.NeedsCommas))
        {
            _place = character == ',' ? Place.BeforeKey : Place.Lost;
            return false;
        }

        _place = Place.Key;
        return Read(character);
    }

    private void EndKey()
    {
        _key = frame.ReadKey(TakeText().Trim()) ?? "";
        _place = _key.Length > 0 && _keys.Add(_key) ? Place.BeforeValue : Place.Lost;
    }

    private bool BeginValue(char character)
    {
        if (style.HasQuotes && character is '"' or '\'')
        {
            (_quote, _isEscaped) = (character, false);
            BeginText(Place.Quoted);
            return false;
        }

        (_depth, _quote, _isMarked) = (0, '\0', false);
        _place = character is '{' or '[' ? Place.Nested
            : style.Mark.StartsWith(character) ? Place.Mark
            : Place.Bare;
        return Read(character);
    }

    private bool ReadMark(char character)
    {
        _text.Append(character);
        if (_text.Equals(style.Mark.AsSpan()))
        {
            _text.Clear();
            BeginText(Place.Marked);
        }
        else if (!TagSearch.IsProperPrefix(_text.ToString(), style.Mark))
        {
            _text.Length--;
            _place = Place.Bare;
            return Read(character);
        }

        return false;
    }

    private void ReadMarked(char character)
    {
        if (_markEnd.Read(character, _text) is not null)
        {
            AddText(_text.Length);
            EndText();
        }
        else if (!style.IsMended || (_text.Length > 0 && !MendedEnd.Contains(_text[^1], StringComparison.Ordinal)))
        {
            AddText(_text.Length);
        }
    }

    private void ReadQuoted(char character)
    {
        if (_isEscaped)
        {
            _text.Append(style.DecodesEscapes ? LiteralReader.Decode(character) : $"\\{character}");
            _isEscaped = false;
        }
        else if (character == _quote)
        {
            EndText();
        }
        else if (character == '\\')
        {
            _isEscaped = true;
        }
        else
        {
            _text.Append(character);
        }

        AddText(_text.Length);
    }

    private bool ReadBare(char character)
    {
        if (!LiteralReader.EndsWord(character))
        {
            _text.Append(character);
            return false;
        }

        AddLiteral(TakeText());
        return Read(character);
    }

    private void ReadNested(char character)
    {
        _nested.Append(character);
        var isMark = _markEnd.Read(character, _text) is not null;
        for (var at = 0; at < _text.Length; at++)
        {
            Count(_text[at]);
        }

        _text.Clear();
        _isMarked ^= isMark;
        if (_depth == 0)
        {
            var literal = _nested.ToString();
            _nested.Clear();
            AddLiteral(literal);
        }
    }

    /// <summary>Counts brackets that stand in no text.</summary>
    private void Count(char character)
    {
        if (_isMarked)
        {
            return;
        }

        if (_quote != '\0')
        {
            _quote = character == _quote && !_isEscaped ? '\0' : _quote;
            _isEscaped = character == '\\' && !_isEscaped;
            return;
        }

        switch (character)
        {
            case '"' or '\'' when style.HasQuotes:
                (_quote, _isEscaped) = (character, false);
                break;
            case '{' or '[':
                _depth++;
                break;
            case '}' or ']':
                _depth--;
                break;
            default:
                break;
        }
    }

    /// <summary>Adds a value that the reader takes whole; what it takes otherwise is left to it.</summary>
    private void AddLiteral(string literal)
    {
        var reader = new LiteralReader(literal, style);
        var isText = types.Of(_key) is { Count: 1 } declared && declared.Contains("string");
        _place = Place.Lost;
        try
        {
            var json = TypedArgument.ToText(writer => reader.Write(writer, isText));
            if (reader.IsAtEnd)
            {
                _object.AddValue(_key, json);
                _place = Place.AfterValue;
            }
        }
        catch (OutputFormatException)
        {
            // The call is broken, as its reader will say.
        }
    }

    private void BeginText(Place place)
    {
        _object.BeginText(_key);
        _place = place;
    }

    private void AddText(int length)
    {
        for (var at = 0; at < length; at++)
        {
            _object.Add(_text[at]);
        }

        _text.Remove(0, length);
    }

    private void EndText()
    {
        _object.EndValue();
        _place = Place.AfterValue;
    }

    private string TakeText()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
