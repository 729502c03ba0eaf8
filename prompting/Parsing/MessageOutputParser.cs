using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads completions that are messages with headers of their own: the header of each says whether it is reasoning,
/// answer or call. Text of a message leaves at once, but for what may be the beginning of its end.
/// </summary>
internal sealed class MessageOutputParser : IOutputParser
{
    private const string Start = "<|start|>";
    private const string Message = "<|message|>";

    private readonly IMessageLayout _layout;
    private readonly GrowingCalls _growing;
    private readonly string[] _ends;
    private readonly StringBuilder _head = new();
    private readonly StringBuilder _body = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<ToolCall> _newCalls = [];
    private State _state = State.Head;
    private MessageRoute _route = new(MessagePart.Content);
    private string _pending = "";
    private int _at;
    private bool _isLikelyCall;

    /// <summary>Begins a completion.</summary>
    /// <param name="layout">How the family's messages look.</param>
    /// <param name="beginning">What of the first message already stands in the prompt, behind its start.</param>
    /// <param name="random">Where the ids of calls come from.</param>
    /// <param name="inPieces">Tells also what calls grow by.</param>
    public MessageOutputParser(IMessageLayout layout, string beginning, Random random, bool inPieces)
    {
        (_layout, _growing) = (layout, new(random, inPieces));
        _ends = [.. layout.Ends];
        Read(beginning);
    }

    private enum State
    {
        /// <summary>Looking for a message; what stands before it is dropped.</summary>
        Between,
        Head,
        Body,
    }

    public ParsedOutput Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (_pending, _at) = (_at == _pending.Length ? text : string.Concat(_pending.AsSpan(_at), text), 0);
        while (_at < _pending.Length && Advance())
        {
        }

        return ParsedOutput.Take(_content, _thinking, _newCalls, _growing.Take());
    }

    public ParsedOutput Finish()
    {
        if (_state == State.Body)
        {
            Emit(_pending.AsSpan(_at));
            EndBody();
        }

        _at = _pending.Length;
        return ParsedOutput.Take(_content, _thinking, _newCalls, _growing.Take());
    }

    private bool Advance() => _state switch
    {
        State.Between => Flow([Start]),
        State.Head => Flow([Message]),
        _ => Flow(_ends),
    };

    private bool Flow(ReadOnlySpan<string> tags)
    {
        var rest = _pending.AsSpan(_at);
        var (index, tag) = TagSearch.FindFirst(rest, tags);
        if (index < 0)
        {
            var held = TagSearch.HeldLength(rest, tags);
            Emit(rest[..^held]);
            _at = _pending.Length - held;
            return false;
        }

        Emit(rest[..index]);
        _at += index + tag.Length;
        switch (_state)
        {
            case State.Between:
                _state = State.Head;
                break;
            case State.Head:
                _route = _layout.Route(_head.ToString(), _route);
                _head.Clear();
                _state = State.Body;
                _growing.Follow(_layout.CreateHead(_route));
                break;
            default:
                EndBody();
                _state = State.Between;
                break;
        }

        return true;
    }

    private void Emit(ReadOnlySpan<char> text)
    {
        var target = (_state, _route.Part) switch
        {
            (State.Between, _) or (State.Body, MessagePart.Nothing) => null,
            (State.Head, _) => _head,
            (_, MessagePart.Content) => _content,
            (_, MessagePart.Thinking) => _thinking,
            _ => _body,
        };
        target?.Append(text);
        if (target == _body)
        {
            _growing.Read(text);
        }

        if (_state == State.Body && _route.Part == MessagePart.ContentOrCall && !MayBeCalls())
        {
            _content.Append(_body);
            _body.Clear();
            _route = new(MessagePart.Content);
        }
    }

    /// <summary>The body may still turn out to be calls, so that none of it may leave as answer text.</summary>
    private bool MayBeCalls()
    {
        if (_isLikelyCall)
        {
            return true;
        }

        var body = _body.ToString().AsSpan().TrimStart();
        _isLikelyCall = body.StartsWith(_layout.CallMark, StringComparison.Ordinal);
        return _isLikelyCall || TagSearch.IsProperPrefix(body, _layout.CallMark);
    }

    private void EndBody()
    {
        _isLikelyCall = false;
        if (_route.Part is not (MessagePart.Call or MessagePart.ContentOrCall))
        {
            return;
        }

        var body = _body.ToString();
        _body.Clear();
        var calls = _layout.ReadCalls(_route, body);
        if (calls.Count == 0 && _route.Part == MessagePart.ContentOrCall)
        {
            _content.Append(body);
        }

        _newCalls.AddRange(_growing.Complete(calls));
    }
}
