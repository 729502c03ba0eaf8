using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads <c>&lt;invoke name="f"&gt;&lt;parameter name="p"&gt;v&lt;/parameter&gt;&lt;/invoke&gt;</c>, one after the
/// other, under the names that a family gives these tags.
/// </summary>
/// <param name="tags">The family's names.</param>
/// <param name="tools">Decide the types of the values.</param>
internal sealed class InvokeCallReader(InvokeTags tags, IReadOnlyList<ToolDefinition> tools) : IToolCallReader
{
    private const string IsNoText = "string=\"false\"";

    private readonly TagCallMarks _marks = new(
        $"<{tags.Invoke} name=", $"</{tags.Invoke}>", $"<{tags.Parameter} name=", $"</{tags.Parameter}>")
    {
        ReadTag = ReadTag,
        KeepsLineFeeds = tags.KeepsLineFeeds,
    };

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var calls = new List<ParsedCall>();
        for (var at = 0; ;)
        {
            var open = body.IndexOf(_marks.CallOpen, at, StringComparison.Ordinal);
            if (open < 0)
            {
                return calls.Count > 0
                    ? calls
                    : throw new OutputFormatException($"invalid tool call: <{tags.Invoke} name=…> is missing");
            }

            var (name, _) = ReadTag(body, open, out at);
            var end = body.IndexOf(_marks.CallClose, at, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new OutputFormatException($"invalid tool call: \"{name}\" lacks </{tags.Invoke}>");
            }

            calls.Add(new ParsedCall(name, ReadValues(body[at..end], name)));
            at = end;
        }
    }

    public ICallHead CreateHead() => new TagCallHead(_marks, tools);

    private JsonElement ReadValues(string body, string function)
    {
        var values = new OrderedDictionary<string, (string Text, bool IsJson)>();
        for (var at = 0; ;)
        {
            var open = body.IndexOf(_marks.ValueOpen, at, StringComparison.Ordinal);
            if (open < 0)
            {
                break;
            }

            var (name, isJson) = ReadTag(body, open, out at);
            var end = body.IndexOf(_marks.ValueClose, at, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new OutputFormatException($"invalid tool call: \"{name}\" lacks </{tags.Parameter}>");
            }

            var text = body[at..end];
            values[name] = (tags.KeepsLineFeeds ? text : TagCallReader.StripLineFeeds(text), isJson);
            at = end;
        }

        var types = ParameterTypes.Of(tools, function);
        return TypedArgument.ToJson(values, (writer, name, value) =>
        {
            if (!value.IsJson || !TypedArgument.TryWriteAnyJson(writer, value.Text))
            {
                TypedArgument.Write(writer, value.Text, types.Of(name));
            }
        });
    }

    private static (string Name, bool IsJson) ReadTag(string body, int open, out int next)
    {
        var end = body.IndexOf('>', open);
        next = end + 1;
        return (end < 0 ? null : ReadTag(body[open..end]))
            ?? throw new OutputFormatException("invalid tool call: a tag has no name");
    }

    private static (string Name, bool IsJson)? ReadTag(string tag)
    {
        var first = tag.IndexOf('"', StringComparison.Ordinal);
        var last = first < 0 ? -1 : tag.IndexOf('"', first + 1);
        return last <= first + 1
            ? null
            : (tag[(first + 1)..last], tag.AsSpan(last).Contains(IsNoText, StringComparison.Ordinal));
    }
}
