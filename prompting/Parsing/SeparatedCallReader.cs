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
        var at = body.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new OutputFormatException($"invalid tool call: {separator} is missing");
        }

        var (name, arguments) = (body[..at].Trim(), body[(at + separator.Length)..]);
        var fence = arguments.IndexOf(FenceOpen, StringComparison.Ordinal);
        if (fence >= 0 && !arguments.AsSpan().TrimStart().StartsWith("{"))
        {
            name = arguments[..fence].Trim();
            arguments = arguments[(fence + FenceOpen.Length)..];
            var end = arguments.LastIndexOf(Fence, StringComparison.Ordinal);
            arguments = end < 0 ? arguments : arguments[..end];
        }

        name = Clean(name);
        if (name.Length == 0)
        {
            throw new OutputFormatException("invalid tool call: the name is missing");
        }

        if (Tools?.All(tool => tool.Name != name) == true)
        {
            throw new OutputFormatException($"invalid tool call: there is no tool \"{name}\"");
        }

        return [new ParsedCall(name, CallJson.ReadArguments(name, arguments))];
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
