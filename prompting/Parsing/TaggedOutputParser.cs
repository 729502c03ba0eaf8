using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Separates reasoning, content and tool calls by the tags of an <see cref="OutputSyntax"/>. Text leaves as soon as no
/// further piece can change its meaning: only a possible beginning of a tag, and the white space before it, stay back.
/// </summary>
internal sealed class TaggedOutputParser : IOutputParser
{
    private readonly OutputSyntax _syntax;
    private readonly IToolCallReader? _calls;
    private readonly Random _random;
    private readonly string[] _thinkingTags;
    private readonly string[] _contentTags;
    private readonly string[] _callTags;

    private readonly StringBuilder _body = new();
    private readonly StringBuilder _space = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<ToolCall> _newCalls = [];
    private State _state;
    private string _pending = "";
    private int _at;
    private int _callCount;

    /// <summary>Begins a completion; no reader for calls means that calls stay part of the content.</summary>
    public TaggedOutputParser(OutputSyntax syntax, IToolCallReader? calls, OutputBeginning beginning, Random random)
    {
        (_syntax, _calls, _random) = (syntax, calls, random);
        string[] callOpen = calls is null ? [] : [syntax.CallOpen];
        _contentTags = callOpen;
        _callTags = [syntax.CallClose];

        // A model that forgets to end its reasoning before a call has ended it with the call.
        _thinkingTags = syntax.ThinkingClose is null ? [] : [syntax.ThinkingClose, .. callOpen];
        _state = syntax.ThinkingClose is null ? State.Content : beginning switch
        {
            OutputBeginning.ThinkingOpened => State.ThinkingOpened,
            OutputBeginning.WithinThinking => State.Thinking,
            OutputBeginning.Content => State.Content,
            _ => State.Undecided,
        };
    }

    private enum State
    {
        /// <summary>Looking whether the first text is the tag that opens the reasoning.</summary>
        Undecided,

        /// <summary>The prompt opened the reasoning; one repeated tag is swallowed.</summary>
        ThinkingOpened,

        /// <summary>Swallowing white space before the reasoning.</summary>
        BeforeThinking,
        Thinking,

        /// <summary>Swallowing white space after the reasoning or a call.</summary>
        BeforeContent,
        Content,
        Call,
    }

    public ParsedOutput Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (_pending, _at) = (_at == _pending.Length ? text : string.Concat(_pending.AsSpan(_at), text), 0);
        while (_at < _pending.Length && Advance())
        {
        }

        return Take();
    }

    public ParsedOutput Finish()
    {
        // What was held back in case it were a tag is text after all. A call without its end is no call.
        var rest = _pending.AsSpan(_at);
        switch (_state)
        {
            case State.Undecided or State.Content:
                _content.Append(_space).Append(rest);
                break;
            case State.ThinkingOpened:
                _thinking.Append(rest.TrimStart());
                break;
            case State.Thinking:
                _thinking.Append(_space).Append(rest);
                break;
            default:
                break;
        }

        _space.Clear();
        _at = _pending.Length;
        return Take();
    }

    /// <summary>Takes one step; false when only a further piece can decide how to go on.</summary>
    private bool Advance() => _state switch
    {
        State.Undecided => Decide(State.Content),
        State.ThinkingOpened => Decide(State.Thinking),
        State.BeforeThinking => SkipSpace(State.Thinking),
        State.BeforeContent => SkipSpace(State.Content),
        State.Thinking => Flow(_thinkingTags),
        State.Content => Flow(_contentTags),
        _ => Flow(_callTags),
    };

    private bool Decide(State otherwise)
    {
        var spaceLength = LeadingSpaceLength();
        _space.Append(_pending, _at, spaceLength);
        _at += spaceLength;
        var rest = _pending.AsSpan(_at);
        if (TagSearch.IsProperPrefix(rest, _syntax.ThinkingOpen!))
        {
            return false;
        }

        if (rest.StartsWith(_syntax.ThinkingOpen, StringComparison.Ordinal))
        {
            _at += _syntax.ThinkingOpen!.Length;
            _space.Clear();
            _state = State.BeforeThinking;
            return true;
        }

        // White space at the beginning belongs to the content, but never to the reasoning.
        if (otherwise == State.Thinking)
        {
            _space.Clear();
        }

        _state = otherwise;
        return true;
    }

    private bool SkipSpace(State next)
    {
        _at += LeadingSpaceLength();
        if (_at == _pending.Length)
        {
            return false;
        }

        _state = next;
        return true;
    }

    private bool Flow(ReadOnlySpan<string> tags)
    {
        var rest = _pending.AsSpan(_at);
        var (index, tag) = TagSearch.FindFirst(rest, tags);
        if (index < 0)
        {
            var held = TagSearch.HeldLength(rest, tags);
            Emit(rest[..^held], holdsSpace: tags.Length > 0);
            _at = _pending.Length - held;
            return false;
        }

        Emit(rest[..index], holdsSpace: true);
        _at += index + tag.Length;
        _space.Clear();
        Leave(tag);
        return true;
    }

    private void Emit(ReadOnlySpan<char> text, bool holdsSpace)
    {
        if (_state == State.Call)
        {
            _body.Append(text);
            return;
        }

        var target = _state == State.Thinking ? _thinking : _content;
        var certain = holdsSpace ? text.TrimEnd() : text;
        if (certain.Length > 0)
        {
            target.Append(_space).Append(certain);
            _space.Clear();
        }

        _space.Append(text[certain.Length..]);
    }

    private void Leave(string tag)
    {
        if (_state != State.Call)
        {
            _state = tag == _syntax.ThinkingClose ? State.BeforeContent : State.Call;
            return;
        }

        var body = _body.ToString();
        _body.Clear();
        _state = State.BeforeContent;
        var (name, arguments) = _calls!.Read(body);
        _newCalls.Add(new() { Id = CallIds.Next(_random), Index = _callCount, Name = name, Arguments = arguments });
        _callCount++;
    }

    private int LeadingSpaceLength()
    {
        var rest = _pending.AsSpan(_at);
        return rest.Length - rest.TrimStart().Length;
    }

    private ParsedOutput Take()
    {
        if (_content.Length == 0 && _thinking.Length == 0 && _newCalls.Count == 0)
        {
            return ParsedOutput.Empty;
        }

        var output = new ParsedOutput
        {
            Content = _content.ToString(),
            Thinking = _thinking.ToString(),
            ToolCalls = [.. _newCalls],
        };
        _content.Clear();
        _thinking.Clear();
        _newCalls.Clear();
        return output;
    }
}
