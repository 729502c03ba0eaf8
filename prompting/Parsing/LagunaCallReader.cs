using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads Laguna's calls: GLM's tags, or JSON with or without the name before it, and short names of well-known tools.
/// </summary>
internal sealed class LagunaCallReader(IReadOnlyList<ToolDefinition> tools) : IToolCallReader
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["read_file"] = "read",
        ["write_file"] = "write",
        ["edit_file"] = "edit",
        ["web_fetch"] = "webfetch",
    };

    private readonly ArgumentTagCallReader _tags = new(tools);
    private readonly JsonListCallReader _json = new(salvages: false);

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var brace = body.IndexOf('{', StringComparison.Ordinal);
        var calls = brace < 0 || body.Contains("<arg_key>", StringComparison.Ordinal) ? _tags.Read(body)
            : body[..brace].Trim() is { Length: > 0 } name ? [new(name, CallJson.ReadArguments(name, body[brace..]))]
            : _json.Read(body);
        return [.. calls.Select(call => call with { Name = Declared(call.Name) })];
    }

    /// <summary>A call that is whole but for its last tag counts; one that is not is none.</summary>
    public IReadOnlyList<ParsedCall> ReadCut(string body)
    {
        try
        {
            return Read(body[..^TagSearch.HeldLength(body, ["</tool_call>"])]);
        }
        catch (OutputFormatException)
        {
            return [];
        }
    }

    /// <summary>Calls that are JSON come whole.</summary>
    public ICallHead CreateHead() => new RenamedCallHead(_tags.CreateHead(), Declared);

    private string Declared(string name) =>
        tools.All(tool => tool.Name != name)
        && Aliases.TryGetValue(name, out var alias)
        && tools.Any(tool => tool.Name == alias)
            ? alias
            : name;
}
