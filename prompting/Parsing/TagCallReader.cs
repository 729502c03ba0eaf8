using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads <c>&lt;function=f&gt;&lt;parameter=p&gt;value&lt;/parameter&gt;&lt;/function&gt;</c>. Whatever is not one of
/// these tags is text, so values may hold any other markup. The tools' schemas decide the types of the values.
/// </summary>
internal sealed class TagCallReader(IReadOnlyList<ToolDefinition> tools) : IToolCallReader
{
    private const string FunctionOpen = "<function=";
    private const string FunctionClose = "</function>";
    private const string ParameterOpen = "<parameter=";
    private const string ParameterClose = "</parameter>";

    private static readonly TagCallMarks Marks =
        new(FunctionOpen, FunctionClose, ParameterOpen, ParameterClose)
        {
            ReadTag = tag => NameIn(tag) is { } name ? (name, false) : null,
            IsSingle = true,
        };

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var at = body.IndexOf(FunctionOpen, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new OutputFormatException("invalid tool call: <function=…> is missing");
        }

        var name = ReadName(body, at + FunctionOpen.Length, out at);
        var values = ReadValues(body, at, name);
        return [new ParsedCall(name, TypedArgument.ToJson(values, ParameterTypes.Of(tools, name)))];
    }

    public ICallHead CreateHead() => new TagCallHead(Marks, tools);

    private static OrderedDictionary<string, string> ReadValues(string body, int at, string function)
    {
        var values = new OrderedDictionary<string, string>();
        while (true)
        {
            var (next, tag) = TagSearch.FindFirst(body.AsSpan(at), [ParameterOpen, FunctionClose]);
            if (next < 0)
            {
                throw new OutputFormatException($"invalid tool call: \"{function}\" lacks {FunctionClose}");
            }

            if (tag == FunctionClose)
            {
                return values;
            }

            var name = ReadName(body, at + next + ParameterOpen.Length, out var start);
            var end = body.IndexOf(ParameterClose, start, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new OutputFormatException($"invalid tool call: \"{name}\" lacks {ParameterClose}");
            }

            values[name] = StripLineFeeds(body[start..end]);
            at = end + ParameterClose.Length;
        }
    }

    private static string ReadName(string body, int start, out int next)
    {
        var end = body.IndexOf('>', start);
        next = end + 1;
        return (end < 0 ? null : NameIn(body[start..end]))
            ?? throw new OutputFormatException("invalid tool call: a tag has no name");
    }

    private static string? NameIn(string tag)
    {
        var name = tag.Trim();
        return name.Length == 0 || name.AsSpan().ContainsAny('<', '\n') ? null : name;
    }

    // The layout puts each value on lines of its own; further line feeds belong to the value.
    internal static string StripLineFeeds(string value)
    {
        var start = value.StartsWith('\n') ? 1 : 0;
        var end = value.Length - (value.Length > start && value.EndsWith('\n') ? 1 : 0);
        return value[start..end];
    }
}
