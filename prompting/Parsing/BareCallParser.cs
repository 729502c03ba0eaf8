using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Takes an answer that is nothing but calls of declared tools for calls, though their marks are missing. Text that
/// cannot become such an answer leaves at once.
/// </summary>
/// <param name="parser">Reads everything that has marks.</param>
/// <param name="style">How calls without marks begin.</param>
/// <param name="reader">Reads them.</param>
/// <param name="tools">The tools on offer.</param>
/// <param name="random">Where the ids of calls come from.</param>
internal sealed class BareCallParser(
    IOutputParser parser, BareCallStyle style, IToolCallReader reader, IReadOnlyList<ToolDefinition> tools,
    Random random)
    : IOutputParser
{
    private readonly StringBuilder _held = new();
    private bool _isDecided;
    private bool _isLikely;

    public ParsedOutput Read(string text) => _isDecided ? parser.Read(text) : Hold(parser.Read(text));

    public ParsedOutput Finish()
    {
        var output = _isDecided ? parser.Finish() : Hold(parser.Finish());
        if (_isDecided || _held.Length == 0)
        {
            return output;
        }

        var text = _held.ToString();
        _held.Clear();
        var calls = TryRead(text);
        return calls.Count == 0 ? output with { Content = text } : output with { ToolCalls = calls };
    }

    private ParsedOutput Hold(ParsedOutput output)
    {
        _held.Append(output.Content);
        if (output.ToolCalls.Count + output.CallPieces.Count == 0
            && (_isLikely || MayBeCalls(_held.ToString().AsSpan().TrimStart())))
        {
            return output.Content.Length == 0 ? output : output with { Content = "" };
        }

        _isDecided = true;
        var content = _held.ToString();
        _held.Clear();
        return output with { Content = content };
    }

    private bool MayBeCalls(ReadOnlySpan<char> text)
    {
        if (style == BareCallStyle.Json)
        {
            return text is [] || (text[0] == '{' && Agrees(text[1..].TrimStart(), "\"name\""));
        }

        text = text is ['[', ..] ? text[1..].TrimStart() : text;
        foreach (var tool in tools)
        {
            if (Agrees(text, tool.Name + "("))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One of the two is the beginning of the other.</summary>
    private bool Agrees(ReadOnlySpan<char> text, string expected)
    {
        _isLikely = text.StartsWith(expected, StringComparison.Ordinal);
        return _isLikely || expected.AsSpan().StartsWith(text);
    }

    private List<ToolCall> TryRead(string text)
    {
        try
        {
            var calls = reader.Read(text.Trim());
            return calls.All(call => tools.Any(tool => tool.Name == call.Name))
                ? [.. calls.Select((call, index) => new ToolCall
                {
                    Id = CallIds.Next(random),
                    Index = index,
                    Name = call.Name,
                    Arguments = call.Arguments,
                })]
                : [];
        }
        catch (OutputFormatException)
        {
            return [];
        }
    }
}
