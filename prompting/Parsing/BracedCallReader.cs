using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads <c>call:f{k:v,…}</c>, where texts stand between the family's own marks (Gemma).</summary>
internal sealed class BracedCallReader(LiteralStyle style, IReadOnlyList<ToolDefinition> tools) : IToolCallReader
{
    private const string Prefix = "call:";

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var start = body.IndexOf(Prefix, StringComparison.Ordinal);
        var brace = start < 0 ? -1 : body.IndexOf('{', start);
        var name = brace < 0 ? "" : body[(start + Prefix.Length)..brace].Trim();
        if (name.Length == 0)
        {
            throw new OutputFormatException("invalid tool call: not of the form call:name{…}");
        }

        var types = ParameterTypes.Of(tools, name);
        var reader = new LiteralReader(body, style) { At = brace + 1 };
        var arguments = TypedArgument.ToJson(writer =>
        {
            var names = new HashSet<string>();
            while (!reader.Skip('}'))
            {
                reader.SkipSpace();
                if (reader.IsAtEnd && style.IsMended)
                {
                    return;
                }

                var key = reader.ReadUntil(':') is { } written ? KeyIn(written) : null;
                if (key is null || !names.Add(key))
                {
                    throw new OutputFormatException($"invalid tool call: the arguments of \"{name}\" cannot be read");
                }

                writer.WritePropertyName(key);
                reader.Write(writer, types.Of(key) is { Count: 1 } declared && declared.Contains("string"));
                _ = reader.Skip(',');
            }
        });
        return [new ParsedCall(name, arguments)];
    }

    /// <summary>A family that mends its calls mends those that were cut off, too.</summary>
    public IReadOnlyList<ParsedCall> ReadCut(string body) => style.IsMended ? Read(body) : [];

    public ICallHead CreateHead() => new BracedCallHead(
        Prefix, name => new LiteralArguments(style, new(':', '}', KeyIn), ParameterTypes.Of(tools, name)));

    private string? KeyIn(string text) =>
        text.Replace(style.Mark, "", StringComparison.Ordinal).Trim('"') is { Length: > 0 } key ? key : null;
}
