using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads a name, a mark and the arguments as JSON. DeepSeek R1 and Cogito write the word <c>function</c> in the
/// name's place, then the name on the line before a fenced block of JSON.
/// </summary>
internal sealed class SeparatedCallReader(string separator) : IToolCallReader
{
    private const string Fence = "```";
    private const string FenceOpen = "```json";
    private const string FunctionPrefix = "functions.";

    /// <summary>The tools that may be called; null for any.</summary>
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }

    /// <summary>What ends the name before the separator does, e.g. for an id of the call; empty for nothing.</summary>
    public string NameEnd { get; init; } = "";

    /// <summary>The name is written with a prefix and the call's number: <c>functions.f:0</c>.</summary>
    public bool IsNumbered { get; init; }

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        if (Split(body) is not var (name, arguments, isFenced))
        {
            throw new OutputFormatException($"invalid tool call: {separator} is missing");
        }

        if (isFenced && arguments.LastIndexOf(Fence, StringComparison.Ordinal) is >= 0 and var end)
        {
            arguments = arguments[..end];
        }

        if (name.Length == 0)
        {
            throw new OutputFormatException("invalid tool call: the name is missing");
        }

        if (!IsDeclared(name))
        {
            throw new OutputFormatException($"invalid tool call: there is no tool \"{name}\"");
        }

        return [new ParsedCall(name, CallJson.ReadArguments(name, arguments))];
    }

    public ICallHead CreateHead() => new SeparatedCallHead(
        head => Split(head) is var (name, before, _) && name.Length > 0 && IsDeclared(name)
            && string.IsNullOrWhiteSpace(before)
                ? name
                : null);

    private bool IsDeclared(string name) => Tools is null || Tools.Any(tool => tool.Name == name);

    /// <summary>The name and what stands behind it; null while nothing separates them.</summary>
    private (string Name, string Arguments, bool IsFenced)? Split(string body)
    {
        var at = body.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var arguments = body[(at + separator.Length)..];
        var fence = arguments.IndexOf(FenceOpen, StringComparison.Ordinal);
        return fence >= 0 && !arguments.AsSpan().TrimStart().StartsWith("{")
            ? (Clean(arguments[..fence].Trim()), arguments[(fence + FenceOpen.Length)..], true)
            : (Clean(body[..at].Trim()), arguments, false);
    }

    private string Clean(string name)
    {
        var end = NameEnd.Length > 0 ? name.IndexOf(NameEnd, StringComparison.Ordinal) : -1;
        name = end < 0 ? name : name[..end].Trim();
        if (!IsNumbered)
        {
            return name;
        }

        var colon = name.LastIndexOf(':');
        name = colon > 0 && name.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..colon] : name;
        return name.StartsWith(FunctionPrefix, StringComparison.Ordinal) ? name[FunctionPrefix.Length..] : name;
    }
}
