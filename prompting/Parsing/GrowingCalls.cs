using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Numbers the calls of one completion and, where that is wanted, tells what their arguments grow by while the model
/// writes them. What was told cannot be taken back: the complete call has to be the same. Looks at a character once.
/// </summary>
/// <param name="random">Where the ids of calls come from.</param>
/// <param name="inPieces">Tells what calls grow by.</param>
internal sealed class GrowingCalls(Random random, bool inPieces)
{
    private readonly List<ToolCallPiece> _pieces = [];
    private readonly List<BegunCall> _begun = [];
    private readonly StringBuilder _arguments = new();
    private ICallHead? _head;
    private Func<string, bool> _accepts = _ => true;
    private BracketBalance? _balance;
    private int _toldLength;
    private int _completeCount;

    /// <summary>Something was told of a call that is not complete.</summary>
    public bool HasBegun => _begun.Count > 0;

    /// <summary>Follows what is read from here on.</summary>
    /// <param name="head">Finds the arguments; null where they cannot be followed.</param>
    public void Follow(ICallHead? head) => Follow(head, _ => true);

    /// <summary>Follows what is read from here on, up to a call that may not be told of.</summary>
    /// <param name="head">Finds the arguments; null where they cannot be followed.</param>
    /// <param name="accepts">Whether a call of that name may be told of before it is complete.</param>
    public void Follow(ICallHead? head, Func<string, bool> accepts) =>
        (_head, _accepts, _balance) = (inPieces ? head : null, accepts, null);

    /// <summary>Reads text in which calls may be.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (_head is null)
            {
                return;
            }

            if (_balance is not null)
            {
                Grow(character);
            }
            else if (_head.Read(character) is { } name)
            {
                Begin(name);
            }
        }
    }

    /// <summary>Takes what calls have grown by since the last time.</summary>
    public IReadOnlyList<ToolCallPiece> Take()
    {
        Tell();
        if (_pieces.Count == 0)
        {
            return [];
        }

        ToolCallPiece[] pieces = [.. _pieces];
        _pieces.Clear();
        return pieces;
    }

    /// <summary>Makes calls of what the family's reader found in the text that was followed.</summary>
    /// <param name="calls">What it found.</param>
    /// <param name="isCut">The completion ended in the middle: a call that has begun need not be among them.</param>
    /// <exception cref="OutputFormatException">A call that was told of has become none, or another one.</exception>
    public IReadOnlyList<ToolCall> Complete(IReadOnlyList<ParsedCall> calls, bool isCut = false)
    {
        if (calls.Count < _begun.Count && !isCut)
        {
            RefuseBegun();
        }

        var made = new List<ToolCall>(calls.Count);
        foreach (var (index, call) in calls.Index())
        {
            var begun = index < _begun.Count ? _begun[index] : null;
            if (begun is not null && (begun.Name != call.Name || begun.Arguments != call.Arguments.GetRawText()))
            {
                RefuseBegun();
            }

            made.Add(Make(begun?.Id ?? CallIds.Next(random), call));
        }

        _begun.Clear();
        Follow(null);
        return made;
    }

    /// <summary>Makes calls of those whose arguments are complete, where nothing else belongs to a call.</summary>
    /// <exception cref="OutputFormatException">The arguments of a call cannot be read.</exception>
    public IReadOnlyList<ToolCall> CompleteClosed()
    {
        var made = new List<ToolCall>();
        while (_begun is [{ Arguments: { } arguments } first, ..])
        {
            made.Add(Make(first.Id, new ParsedCall(first.Name, CallJson.ReadArguments(first.Name, arguments))));
            _begun.RemoveAt(0);
        }

        return made;
    }

    /// <summary>Refuses what was told of and has become no call.</summary>
    /// <exception cref="OutputFormatException">Something was told of.</exception>
    public void RefuseBegun()
    {
        if (HasBegun)
        {
            throw new OutputFormatException($"invalid tool call: the call of \"{_begun[0].Name}\" is broken");
        }
    }

    private void Begin(string name)
    {
        if (!_accepts(name))
        {
            _head = null;
            return;
        }

        _begun.Add(new BegunCall(CallIds.Next(random), name));
        _arguments.Clear();
        (_balance, _toldLength) = (new(), 0);
        Grow('{');
    }

    private void Grow(char character)
    {
        _arguments.Append(character);
        if (_balance!.Closes(character))
        {
            Tell();
            (_begun[^1].Arguments, _balance) = (_arguments.ToString(), null);
        }
    }

    private void Tell()
    {
        if (_balance is null || _arguments.Length == _toldLength)
        {
            return;
        }

        var call = _begun[^1];
        var isFirst = _toldLength == 0;
        var text = _arguments.ToString(_toldLength, _arguments.Length - _toldLength);
        _pieces.Add(new ToolCallPiece(_completeCount + _begun.Count - 1, text)
        {
            Id = isFirst ? call.Id : null,
            Name = isFirst ? call.Name : null,
        });
        _toldLength = _arguments.Length;
    }

    private ToolCall Make(string id, ParsedCall call) => new()
    {
        Id = id,
        Index = _completeCount++,
        Name = call.Name,
        Arguments = call.Arguments,
    };

    /// <summary>A call that was told of.</summary>
    private sealed class BegunCall(string id, string name)
    {
        public string Id => id;

        public string Name => name;

        /// <summary>Null while they grow.</summary>
        public string? Arguments { get; set; }
    }
}
