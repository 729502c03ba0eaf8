using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Arguments whose values stand between tags with their names.</summary>
/// <param name="marks">The family's marks.</param>
/// <param name="types">The declared types.</param>
internal sealed class TagArguments(TagCallMarks marks, ParameterTypes types) : IGrowingArguments
{
    private readonly TagFinder _tags = new(marks.ValueOpen, marks.CallClose);
    private readonly TagFinder _valueEnd = new(marks.ValueClose);
    private readonly GrowingObject _object = new(types, marks.KeepsLineFeeds);
    private readonly StringBuilder _text = new();
    private Place _place;

    private enum Place
    {
        /// <summary>In front of a value or of the end.</summary>
        Between,

        /// <summary>In the tag that opens a value.</summary>
        Tag,
        Value,

        /// <summary>The call is broken, as its reader will say.</summary>
        Lost,
    }

    public StringBuilder Json => _object.Json;

    public bool Read(char character)
    {
        switch (_place)
        {
            case Place.Between:
                return ReadBetween(character);
            case Place.Tag when character != '>':
                _text.Append(character);
                break;
            case Place.Tag:
                BeginValue();
                break;
            case Place.Value:
                ReadValue(character);
                break;
            default:
                break;
        }

        return false;
    }

    private bool ReadBetween(char character)
    {
        var tag = _tags.Read(character, _text);
        _text.Clear();
        if (tag == marks.CallClose)
        {
            _object.End();
            return true;
        }

        _place = tag is null ? Place.Between : Place.Tag;
        return false;
    }

    private void BeginValue()
    {
        _place = Place.Lost;
        if (marks.ReadTag(_text.ToString()) is var (name, isJson))
        {
            _object.BeginValue(name, isJson);
            _place = Place.Value;
        }

        _text.Clear();
    }

    private void ReadValue(char character)
    {
        var tag = _valueEnd.Read(character, _text);
        for (var at = 0; at < _text.Length; at++)
        {
            _object.Add(_text[at]);
        }

        _text.Clear();
        if (tag is not null)
        {
            _object.EndValue();
            _place = Place.Between;
        }
    }
}
