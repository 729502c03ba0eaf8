using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads calls that are the whole completion, without marks: <c>{"name": "f", "parameters": {…}}</c>, several
/// separated by semicolons or line feeds (Llama 3). Once something else comes first, everything is content.
/// </summary>
internal sealed class BareJsonParser : IOutputParser
{
    private const string PythonTag = "<|python_tag|>";
    private const string Space = " \t\r\n";
    private const string SpaceBetweenCalls = Space + ";";

    private static readonly string[] NameKeys = ["name"];

    private readonly StringBuilder _held = new();
    private readonly GrowingCalls _growing;
    private readonly HashSet<string> _names;
    private BracketBalance _balance = new();
    private bool _anyCall;
    private bool _isContent;

    /// <summary>Begins a completion.</summary>
    /// <param name="tools">The tools on offer.</param>
    /// <param name="random">Where the ids of calls come from.</param>
    /// <param name="inPieces">Tells also what calls grow by.</param>
    public BareJsonParser(IReadOnlyList<ToolDefinition> tools, Random random, bool inPieces)
    {
        (_growing, _names) = (new(random, inPieces), [.. tools.Select(tool => tool.Name)]);
        Follow();
    }

    public ParsedOutput Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_isContent)
        {
            return text.Length == 0 ? ParsedOutput.Empty : new ParsedOutput { Content = text };
        }

        var calls = new List<ToolCall>();
        for (var at = 0; at < text.Length; at++)
        {
            _held.Append(text[at]);
            if (!_balance.HasBegun && !MayBegin())
            {
                return End(text[(at + 1)..], calls);
            }

            _growing.Read([text[at]]);
            if (_balance.Closes(text[at]))
            {
                if (TryRead() is not { } call)
                {
                    return End(text[(at + 1)..], calls);
                }

                calls.AddRange(_growing.Complete([call]));
                _anyCall = true;
                _held.Clear();
                _balance = new();
                Follow();
            }
        }

        var pieces = _growing.Take();
        return calls.Count + pieces.Count == 0
            ? ParsedOutput.Empty
            : new ParsedOutput { ToolCalls = calls, CallPieces = pieces };
    }

    public ParsedOutput Finish()
    {
        // What follows calls without being one is noise, and so is half a call; without any it was the answer.
        var rest = _anyCall || _growing.HasBegun ? "" : _held.ToString();
        _held.Clear();
        return rest.Length == 0 ? ParsedOutput.Empty : new ParsedOutput { Content = rest };
    }

    // Text that only looks like a call is none: what is told of before it is complete names a tool on offer.
    private void Follow() =>
        _growing.Follow(new JsonCallHead(NameKeys, ["arguments", "parameters"]) { IsSingle = true }, _names.Contains);

    private ParsedOutput End(string rest, List<ToolCall> calls)
    {
        _growing.RefuseBegun();
        _isContent = true;
        var content = _held.Append(rest).ToString();
        _held.Clear();
        return new ParsedOutput
        {
            Content = _anyCall ? content.AsSpan().TrimStart(SpaceBetweenCalls).ToString() : content,
            ToolCalls = calls,
            CallPieces = _growing.Take(),
        };
    }

    /// <summary>Whether what is held may still be the beginning of a call.</summary>
    private bool MayBegin()
    {
        var text = _held.ToString().AsSpan().Trim(_anyCall ? SpaceBetweenCalls : Space);
        return text.Length == 0
            || text[0] == '{'
            || TagSearch.IsProperPrefix(text, PythonTag)
            || (text.StartsWith(PythonTag, StringComparison.Ordinal)
                && text[PythonTag.Length..].TrimStart() is [] or ['{', ..]);
    }

    private ParsedCall? TryRead()
    {
        var text = _held.ToString();
        try
        {
            using var document = CallJson.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]);
            if (!document.RootElement.TryGetProperty("name", out _)
                || (!document.RootElement.TryGetProperty("parameters", out _)
                    && !document.RootElement.TryGetProperty("arguments", out _)))
            {
                return null;
            }

            return JsonListCallReader.ReadOne(document.RootElement, NameKeys);
        }
        catch (OutputFormatException)
        {
            return null;
        }
    }
}
