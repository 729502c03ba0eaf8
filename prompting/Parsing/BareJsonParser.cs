using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads calls that are the whole completion, without marks: <c>{"name": "f", "parameters": {…}}</c>, several separated
/// by semicolons or line feeds (Llama 3). Once something else comes first, everything is content.
/// </summary>
internal sealed class BareJsonParser(Random random) : IOutputParser
{
    private const string PythonTag = "<|python_tag|>";
    private const string Space = " \t\r\n";
    private const string SpaceBetweenCalls = Space + ";";

    private readonly StringBuilder _held = new();
    private BracketBalance _balance = new();
    private int _callCount;
    private bool _isContent;

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

            if (_balance.Closes(text[at]))
            {
                if (TryRead() is not { } call)
                {
                    return End(text[(at + 1)..], calls);
                }

                calls.Add(call);
                _held.Clear();
                _balance = new();
            }
        }

        return calls.Count == 0 ? ParsedOutput.Empty : new ParsedOutput { ToolCalls = calls };
    }

    public ParsedOutput Finish()
    {
        // What follows calls without being one is noise; without any call it was the answer.
        var rest = _callCount > 0 ? "" : _held.ToString();
        _held.Clear();
        return rest.Length == 0 ? ParsedOutput.Empty : new ParsedOutput { Content = rest };
    }

    private ParsedOutput End(string rest, List<ToolCall> calls)
    {
        _isContent = true;
        var content = _held.Append(rest).ToString();
        _held.Clear();
        return new ParsedOutput
        {
            Content = _callCount > 0 ? content.AsSpan().TrimStart(SpaceBetweenCalls).ToString() : content,
            ToolCalls = calls,
        };
    }

    /// <summary>Whether what is held may still be the beginning of a call.</summary>
    private bool MayBegin()
    {
        var text = _held.ToString().AsSpan().Trim(_callCount > 0 ? SpaceBetweenCalls : Space);
        return text.Length == 0
            || text[0] == '{'
            || TagSearch.IsProperPrefix(text, PythonTag)
            || (text.StartsWith(PythonTag, StringComparison.Ordinal)
                && text[PythonTag.Length..].TrimStart() is [] or ['{', ..]);
    }

    private ToolCall? TryRead()
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

            var (name, arguments) = JsonListCallReader.ReadOne(document.RootElement);
            return new() { Id = CallIds.Next(random), Index = _callCount++, Name = name, Arguments = arguments };
        }
        catch (OutputFormatException)
        {
            return null;
        }
    }
}
