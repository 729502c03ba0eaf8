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
    private readonly GrowingCalls _growing;
    private readonly string[] _thinkingTags;
    private readonly string[] _contentTags;
    private readonly string[] _callTags;
    private BracketBalance _balance = new();

    private readonly StringBuilder _body = new();
    private readonly StringBuilder _space = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<ToolCall> _newCalls = [];
    private string[] _hiddenTags = [];
    private State _state;
    private string _pending = "";
    private int _at;
    private bool _labelSkipped;

    /// <summary>Begins a completion; no reader for calls means that calls stay part of the content.</summary>
    public TaggedOutputParser(
        OutputSyntax syntax, IToolCallReader? calls, OutputBeginning beginning, Random random, bool inPieces = false)
    {
        (_syntax, _calls, _growing) = (syntax, calls, new(random, inPieces));
        string[] callOpen = calls is null ? [] : [syntax.CallOpen];
        _contentTags =
        [
            .. callOpen,
            .. syntax.Ignored,
            .. syntax.Hidden is { } hidden ? new[] { hidden.Open } : [],
            .. syntax is { ThinkingReopens: true, ThinkingOpen: { } open } ? new[] { open } : [],
        ];
        _callTags = syntax.CallClose is null ? [] : [syntax.CallClose];

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

        /// <summary>Before the bracket that opens the body of a call.</summary>
        CallHead,
        Call,

        /// <summary>Dropping everything up to a mark.</summary>
        Hidden,
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
        // What was held back in case it were a tag is text after all.
        var rest = _pending.AsSpan(_at);
        switch (_state)
        {
            case State.Undecided or State.Content:
                _content.Append(_space).Append(rest);
                break;
            case State.ThinkingOpened or State.BeforeThinking:
                _thinking.Append(rest.TrimStart());
                break;
            case State.Thinking:
                _thinking.Append(_space).Append(rest);
                break;
            case State.Call or State.CallHead:
                EndCall(_calls!.ReadCut, _body.Append(rest).ToString(), isCut: true);
                break;
            default:
                break;
        }

        _space.Clear();
        _at = _pending.Length;
        return ParsedOutput.Take(_content, _thinking, _newCalls, _growing.Take());
    }

    /// <summary>Takes one step; false when only a further piece can decide how to go on.</summary>
    private bool Advance() => _state switch
    {
        State.Undecided => Decide(State.Content),
        State.ThinkingOpened => Decide(State.Thinking),
        State.BeforeThinking => SkipLabel() && SkipSpace(State.Thinking),
        State.BeforeContent => SkipSpace(State.Content),
        State.Thinking => Flow(_thinkingTags),
        State.Content => Flow(_contentTags),
        State.Hidden => Flow(_hiddenTags),
        State.CallHead => Flow([_syntax.BodyHead]),
        _ => _callTags.Length > 0 ? Flow(_callTags) : FlowBalanced(),
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

    /// <summary>
    /// Skips the word that some families head their reasoning with; false when it may yet be completed.
    /// </summary>
    private bool SkipLabel()
    {
        var label = _syntax.ThinkingLabel;
        _at += LeadingSpaceLength();
        if (label.Length == 0 || _labelSkipped)
        {
            return true;
        }

        var rest = _pending.AsSpan(_at);
        if (TagSearch.IsProperPrefix(rest, label))
        {
            return false;
        }

        _at += rest.StartsWith(label, StringComparison.Ordinal) ? label.Length : 0;
        _labelSkipped = true;
        return true;
    }

    private bool FlowBalanced()
    {
        for (var at = _at; at < _pending.Length; at++)
        {
            if (_balance.Closes(_pending[at]))
            {
                AddToBody(_pending.AsSpan(_at, at + 1 - _at));
                _at = at + 1;
                EndCall(_calls!.Read, _body.ToString());
                return true;
            }
        }

        AddToBody(_pending.AsSpan(_at));
        _at = _pending.Length;
        return false;
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
        if (_syntax.KeepsSpace && _state == State.Content)
        {
            _content.Append(_space);
        }

        _space.Clear();
        Leave(tag);
        return true;
    }

    private void Emit(ReadOnlySpan<char> text, bool holdsSpace)
    {
        switch (_state)
        {
            case State.Call or State.CallHead:
                AddToBody(text);
                return;
            case State.Hidden:
                return;
            default:
                break;
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
        if (_state == State.Call)
        {
            EndCall(_calls!.Read, _body.ToString());
        }
        else if (_state == State.CallHead)
        {
            AddToBody(tag);
            _state = State.Call;
        }
        else if (_calls is not null && tag == _syntax.CallOpen)
        {
            (_state, _balance) = (_syntax.BodyHead.Length > 0 ? State.CallHead : State.Call, new());
            _growing.Follow(_calls.CreateHead(), name => name != _syntax.IgnoredName);
        }
        else if (_state == State.Content && tag == _syntax.ThinkingOpen)
        {
            (_state, _labelSkipped) = (State.BeforeThinking, false);
        }
        else if (_state == State.Content && tag == _syntax.Hidden?.Open)
        {
            (_state, _hiddenTags) = (State.Hidden, [_syntax.Hidden.Value.Close]);
        }
        else
        {
            _state = State.BeforeContent;
        }
    }

    private void AddToBody(ReadOnlySpan<char> text)
    {
        _body.Append(text);
        _growing.Read(text);
    }

    private void EndCall(Func<string, IReadOnlyList<ParsedCall>> read, string body, bool isCut = false)
    {
        _body.Clear();
        _state = _syntax.KeepsSpace ? State.Content : State.BeforeContent;
        try
        {
            var calls = read(body).Where(call => call.Name != _syntax.IgnoredName);
            _newCalls.AddRange(_growing.Complete([.. calls], isCut));
        }
        catch (OutputFormatException) when (_syntax.DropsBrokenCalls && (isCut || !_growing.HasBegun))
        {
            if (_syntax.BlockClose is { } close)
            {
                (_state, _hiddenTags) = (State.Hidden, [close]);
            }
        }
    }

    private int LeadingSpaceLength()
    {
        var rest = _pending.AsSpan(_at);
        return rest.Length - rest.TrimStart().Length;
    }
}
