using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Arguments as keys and values between tags, behind the first of them. The body ends them, and nothing in it does, so
/// that they never close by themselves.
/// </summary>
/// <param name="cycle">The tags around keys and values, in their order.</param>
/// <param name="types">The declared types.</param>
internal sealed class PairedTagArguments(string[] cycle, ParameterTypes types) : IGrowingArguments
{
    private const int Key = 1;
    private const int Value = 3;

    private readonly TagFinder _tags = new(cycle);
    private readonly GrowingObject _object = new(types, keepsLineFeeds: false);
    private readonly StringBuilder _text = new();
    private string _key = "";

    /// <summary>Place of the next tag in the cycle; negative once the call leaves it.</summary>
    private int _expected = Key;

    public StringBuilder Json => _object.Json;

    public bool Read(char character)
    {
        if (_expected < 0)
        {
            return false;
        }

        var tag = _tags.Read(character, _text);
        if (_expected == Value)
        {
            for (var at = 0; at < _text.Length; at++)
            {
                _object.Add(_text[at]);
            }

            _text.Clear();
        }

        if (tag is not null)
        {
            _expected = tag == cycle[_expected] && Passes() ? (_expected + 1) % cycle.Length : -1;
            _text.Clear();
        }

        return false;
    }

    /// <summary>Passes the expected tag; false where the text before it does not belong there.</summary>
    private bool Passes()
    {
        var text = _text.ToString().Trim();
        switch (_expected)
        {
            case Key:
                _key = text;
                return text.Length > 0;
            case Value:
                _object.EndValue();
                return true;
            case Value - 1:
                _object.BeginValue(_key);
                break;
            default:
                break;
        }

        // Text outside of the tags would be part of the name.
        return text.Length == 0;
    }
}
