using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Finds tool calls of models whose template says no more than how a call begins. Behind the mark a call is the name of
/// a declared tool and a JSON object, in any order and with anything between them. A mark that is a bracket begins a
/// call only when nothing precedes it. Every character is looked at once, however the text is cut.
/// </summary>
internal sealed class LooseCallScanner
{
    private readonly string _tag;
    private readonly bool _isBracket;
    private readonly string[] _names;
    private readonly ObjectScanner _objects = new();
    private readonly GrowingCalls _growing;
    private readonly StringBuilder _buffer = new();
    private State _state = State.BeforeTag;
    private string _held = "";
    private int _namesSearched;
    private int _followedLength;
    private (string Name, int End)? _name;
    private (JsonElement Object, int End)? _object;
    private bool _anyCall;

    /// <summary>Looks for calls of the given tools behind a mark.</summary>
    /// <param name="tag">The mark.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="random">Where the ids of calls come from.</param>
    /// <param name="inPieces">Tells also what calls grow by.</param>
    public LooseCallScanner(string tag, IReadOnlyList<ToolDefinition> tools, Random random, bool inPieces)
    {
        (_tag, _isBracket, _growing) = (tag, tag is "{" or "[", new(random, inPieces));
        Follow();

        // The longest name at a place counts.
        _names = [.. tools.Select(tool => tool.Name).Where(name => name.Length > 0).Distinct()
            .OrderByDescending(name => name.Length)];
    }

    private enum State
    {
        BeforeTag,
        Calls,

        /// <summary>Swallowing white space behind the calls.</summary>
        BeforeContent,
        Content,
    }

    /// <summary>Reads the next piece of the answer; calls that became complete are added to the list.</summary>
    public string Read(string text, List<ToolCall> calls)
    {
        switch (_state)
        {
            case State.Content:
                return text;
            case State.BeforeContent:
                text = text.TrimStart();
                _state = text.Length > 0 ? State.Content : State.BeforeContent;
                return text;
            case State.BeforeTag:
                return FindTag(_held + text, calls);
            default:
                _buffer.Append(text);
                return ScanCalls(calls);
        }
    }

    /// <summary>Takes what calls have grown by since the last time.</summary>
    public IReadOnlyList<ToolCallPiece> TakePieces() => _growing.Take();

    /// <summary>Ends the answer: what was held back is text after all, unless calls were found in it.</summary>
    /// <exception cref="OutputFormatException">A call that was told of has become none.</exception>
    public string Finish()
    {
        if (_objects.IsClosed)
        {
            _growing.RefuseBegun();
        }

        var rest = _state == State.BeforeTag ? _held : _anyCall || _growing.HasBegun ? "" : _buffer.ToString();
        _buffer.Clear();
        (_held, _state) = ("", State.Content);
        return rest;
    }

    private string FindTag(string text, List<ToolCall> calls)
    {
        _held = "";
        var at = text.IndexOf(_tag, StringComparison.Ordinal);
        var before = at < 0 ? text : text[..at];
        if (_isBracket && !string.IsNullOrWhiteSpace(before))
        {
            _state = State.Content;
            return text;
        }

        if (at < 0)
        {
            // White space before a call is no content.
            var certain = text[..^TagSearch.HeldLength(text, [_tag])].TrimEnd();
            _held = text[certain.Length..];
            return certain;
        }

        _state = State.Calls;
        _buffer.Append(text, at, text.Length - at);
        return before.TrimEnd() + ScanCalls(calls);
    }

    private string ScanCalls(List<ToolCall> calls)
    {
        while (true)
        {
            if (_isBracket && _anyCall && !GoesOn())
            {
                return TakeRest();
            }

            _name ??= FindName();
            _growing.Read(_buffer.ToString(_followedLength, _buffer.Length - _followedLength));
            _followedLength = _buffer.Length;
            _object ??= _objects.Find(_buffer);
            if (_object is { } body && _name is { } name)
            {
                if (CallArguments.Find(body.Object, name.Name) is { } arguments)
                {
                    calls.AddRange(_growing.Complete([new ParsedCall(name.Name, arguments)]));
                    _anyCall = true;
                    Advance(Math.Max(name.End, body.End));
                    continue;
                }

                // An object without arguments; they may follow in the next one.
                _object = null;
                if (_isBracket)
                {
                    return TakeRest();
                }

                continue;
            }

            if (!_isBracket || !_objects.IsClosed)
            {
                return "";
            }

            // A value that is complete and names no tool is no call.
            _growing.RefuseBegun();
            return TakeRest();
        }
    }

    private string TakeRest()
    {
        var rest = _buffer.ToString();
        _buffer.Clear();
        _state = _anyCall ? State.BeforeContent : State.Content;
        return Read(rest, []);
    }

    private void Advance(int length)
    {
        _buffer.Remove(0, length);
        (_name, _object, _namesSearched, _followedLength) = (null, null, 0, 0);
        _objects.Restart();
        Follow();
    }

    // The call will have the name that comes first, which need not be the one within the object.
    private void Follow() => _growing.Follow(
        new JsonCallHead(["name"], ["arguments", "parameters"]) { IsSingle = true }, name => _name?.Name == name);

    /// <summary>Whether another call may follow the one that was read.</summary>
    private bool GoesOn()
    {
        var at = 0;
        while (at < _buffer.Length && (char.IsWhiteSpace(_buffer[at]) || _buffer[at] is ',' or ';'))
        {
            at++;
        }

        if (_tag == "[" && at < _buffer.Length && _buffer[at] == ']')
        {
            _buffer.Remove(0, at + 1);
            return false;
        }

        return at == _buffer.Length || _buffer[at] == '{';
    }

    private (string Name, int End)? FindName()
    {
        if (_names.Length == 0 || _buffer.Length == _namesSearched)
        {
            return null;
        }

        var text = _buffer.ToString(_namesSearched, _buffer.Length - _namesSearched);
        for (var at = 0; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            foreach (var name in _names)
            {
                // A longer name may be on its way.
                if (TagSearch.IsProperPrefix(rest, name))
                {
                    _namesSearched += at;
                    return null;
                }

                if (rest.StartsWith(name, StringComparison.Ordinal))
                {
                    return (name, _namesSearched + at + name.Length);
                }
            }
        }

        _namesSearched = _buffer.Length;
        return null;
    }
}
