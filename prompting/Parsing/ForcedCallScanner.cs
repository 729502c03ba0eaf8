using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Grammars;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads calls that follow <see cref="ToolCallGrammar"/> while they grow, without looking twice at a character.
/// </summary>
/// <param name="random">Where the ids of calls come from.</param>
internal sealed class ForcedCallScanner(Random random)
{
    private readonly StringBuilder _text = new();
    private readonly List<ToolCallPiece> _pieces = [];
    private readonly List<ToolCall> _calls = [];
    private Place _place;
    private ToolCallPiece _current = new(-1, "");
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;

    /// <summary>Where the next character belongs.</summary>
    private enum Place
    {
        Outside,
        Head,
        Arguments,
        Tail,
    }

    /// <summary>Reads the next piece of text.</summary>
    /// <exception cref="OutputFormatException">The arguments are no JSON that can be read.</exception>
    public (IReadOnlyList<ToolCallPiece> Pieces, IReadOnlyList<ToolCall> Calls) Read(string text)
    {
        _pieces.Clear();
        _calls.Clear();
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var place = _place;
            Step(text[index]);
            if (_place == Place.Arguments && _text.Length == 0)
            {
                // Blanks before the arguments do not belong to them.
                start = index + 1;
            }

            if (place == Place.Arguments && _place == Place.Tail)
            {
                Grow(text[start..(index + 1)]);
                _calls.Add(ToCall());
            }
        }

        if (_place == Place.Arguments && start < text.Length)
        {
            Grow(text[start..]);
        }

        return ([.. _pieces], [.. _calls]);
    }

    private void Step(char character)
    {
        switch (_place)
        {
            case Place.Outside when character == '{':
                _text.Clear().Append(character);
                _place = Place.Head;
                break;
            case Place.Head:
                _text.Append(character);
                if (character == ':' && EndsWith(ToolCallGrammar.ArgumentsKey))
                {
                    BeginCall();
                }

                break;
            case Place.Arguments when _depth > 0 || character == '{':
                _text.Append(character);
                if (ClosesArguments(character))
                {
                    _place = Place.Tail;
                }

                break;
            case Place.Tail when character == '}':
                _place = Place.Outside;
                break;
            default:
                break;
        }
    }

    private void BeginCall()
    {
        // The name is a JSON string and may hold escapes.
        using var head = JsonDocument.Parse(_text.Append("null}").ToString());
        _current = new ToolCallPiece(_current.Index + 1, "")
        {
            Id = CallIds.Next(random),
            Name = head.RootElement.GetProperty("name").GetString(),
        };
        _pieces.Add(_current);
        _text.Clear();
        _place = Place.Arguments;
    }

    // Name and arguments that come together are one piece.
    private void Grow(string arguments)
    {
        if (_pieces is [.., var last] && last.Index == _current.Index)
        {
            _pieces[^1] = last with { Arguments = arguments };
        }
        else
        {
            _pieces.Add(new ToolCallPiece(_current.Index, arguments));
        }
    }

    private ToolCall ToCall()
    {
        try
        {
            using var document = JsonDocument.Parse(_text.ToString());
            JsonTexts.RefuseBroken(document.RootElement);
            return new ToolCall
            {
                Id = _current.Id,
                Index = _current.Index,
                Name = _current.Name!,
                Arguments = document.RootElement.Clone(),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new OutputFormatException($"the arguments of {_current.Name} are no JSON: {exception.Message}");
        }
    }

    private bool ClosesArguments(char character)
    {
        if (_isInString)
        {
            _isInString = character != '"' || _isEscaped;
            _isEscaped = character == '\\' && !_isEscaped;
            return false;
        }

        switch (character)
        {
            case '"':
                _isInString = true;
                return false;
            case '{' or '[':
                _depth++;
                return false;
            case '}' or ']':
                _depth--;
                return _depth == 0;
            default:
                return false;
        }
    }

    private bool EndsWith(string end)
    {
        if (_text.Length < end.Length)
        {
            return false;
        }

        for (var index = 0; index < end.Length; index++)
        {
            if (_text[_text.Length - end.Length + index] != end[index])
            {
                return false;
            }
        }

        return true;
    }
}
