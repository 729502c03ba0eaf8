using System.Text.Json;
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
    private ICallHead? _head;
    private Func<string, bool> _accepts = _ => true;
    private IGrowingArguments? _arguments;
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
        (_head, _accepts, _arguments) = (inPieces ? head : null, accepts, null);

    /// <summary>Reads text in which calls may be.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (_head is null)
            {
                return;
            }

            if (_arguments is not null)
            {
                Grow(_arguments, character);
            }
            else if (_head.Read(character) is { } name)
            {
                Begin(_head, name);
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

        if (_arguments is not null && _begun.Count <= calls.Count)
        {
            GrowToEnd(_arguments, calls[_begun.Count - 1]);
        }

        var made = new List<ToolCall>(calls.Count);
        foreach (var (index, call) in calls.Index())
        {
            var begun = index < _begun.Count ? _begun[index] : null;
            made.Add(Make(begun?.Id ?? CallIds.Next(random), begun is null ? call : AsTold(begun, call)));
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

    private void Begin(ICallHead head, string name)
    {
        if (!_accepts(name))
        {
            _head = null;
            return;
        }

        _begun.Add(new BegunCall(CallIds.Next(random), name));
        (_arguments, _toldLength) = (head.Open(), 0);
    }

    private void Grow(IGrowingArguments arguments, char character)
    {
        if (arguments.Read(character))
        {
            End(arguments);
        }
    }

    /// <summary>Tells what was not followed of a call, but read in the end.</summary>
    private void GrowToEnd(IGrowingArguments arguments, ParsedCall call)
    {
        var (told, whole) = (arguments.Json.ToString(), call.Arguments.GetRawText());
        arguments.Json.Append(whole.StartsWith(told, StringComparison.Ordinal) ? whole[told.Length..] : "}");
        End(arguments);
    }

    private void End(IGrowingArguments arguments)
    {
        Tell();
        (_begun[^1].Arguments, _arguments) = (arguments.Json.ToString(), null);
    }

    private void Tell()
    {
        if (_arguments is not { Json: var json } || json.Length == _toldLength)
        {
            return;
        }

        var call = _begun[^1];
        var isFirst = _toldLength == 0;
        var text = json.ToString(_toldLength, json.Length - _toldLength);
        _pieces.Add(new ToolCallPiece(_completeCount + _begun.Count - 1, text)
        {
            Id = isFirst ? call.Id : null,
            Name = isFirst ? call.Name : null,
        });
        _toldLength = json.Length;
    }

    /// <summary>The call as it was told, which may say a parameter again where the reader takes the last.</summary>
    private ParsedCall AsTold(BegunCall begun, ParsedCall call)
    {
        var whole = call.Arguments.GetRawText();
        if (begun.Name == call.Name && begun.Arguments == whole)
        {
            return call;
        }

        if (begun.Name != call.Name || begun.Arguments is null)
        {
            RefuseBegun();
        }

        var told = CallJson.ReadArguments(begun.Name, begun.Arguments!);
        if (WithoutRepeats(told) != whole)
        {
            RefuseBegun();
        }

        return call with { Arguments = told };
    }

    private static string WithoutRepeats(JsonElement arguments)
    {
        var values = new OrderedDictionary<string, JsonElement>();
        foreach (var member in arguments.EnumerateObject())
        {
            values[member.Name] = member.Value;
        }

        return TypedArgument.ToJson(values, (writer, _, value) => value.WriteTo(writer)).GetRawText();
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
