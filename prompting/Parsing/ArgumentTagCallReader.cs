using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads <c>f&lt;arg_key&gt;k&lt;/arg_key&gt;&lt;arg_value&gt;v&lt;/arg_value&gt;</c>. Keys and values pair up in
/// their order. A body whose tags do not match is mended once: what is missing in their cycle is put in.
/// </summary>
internal sealed class ArgumentTagCallReader(IReadOnlyList<ToolDefinition> tools) : IToolCallReader
{
    private const string CallClose = "</tool_call>";

    /// <summary>The cycle of the tags; those at even places open.</summary>
    private static readonly string[] Cycle = ["<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"];

    public IReadOnlyList<ParsedCall> Read(string body) =>
        (TryRead(body) ?? TryRead(Mend(body))) is { } call
            ? [call]
            : throw new OutputFormatException("invalid tool call: keys and values do not match");

    /// <summary>
    /// Takes a call that lacks no more than its last tag, of a declared tool with all that it requires.
    /// </summary>
    public IReadOnlyList<ParsedCall> ReadCut(string body)
    {
        body = body[..^TagSearch.HeldLength(body, [CallClose])];
        return TryRead(body) is { } call && IsComplete(call)
            ? [call]
            : throw new OutputFormatException("incomplete GLM tool call: the output ended inside the call");
    }

    public ICallHead CreateHead() => new PairedTagHead(Cycle, tools);

    private bool IsComplete(ParsedCall call)
    {
        var tool = tools.FirstOrDefault(candidate => candidate.Name == call.Name);
        return tool is not null
            && (tool.Definition.ValueKind != JsonValueKind.Object
                || !tool.Definition.TryGetProperty("function", out var function)
                || function.ValueKind != JsonValueKind.Object
                || !function.TryGetProperty("parameters", out var parameters)
                || parameters.ValueKind != JsonValueKind.Object
                || !parameters.TryGetProperty("required", out var required)
                || required.ValueKind != JsonValueKind.Array
                || required.EnumerateArray().All(
                    name => name.ValueKind != JsonValueKind.String
                        || call.Arguments.TryGetProperty(name.GetString()!, out _)));
    }

    private ParsedCall? TryRead(string body)
    {
        var (name, keys, values) = (new StringBuilder(), new List<string>(), new List<string>());
        for (var at = 0; at < body.Length;)
        {
            var (index, tag) = TagSearch.FindFirst(body.AsSpan(at), Cycle);
            if (index < 0)
            {
                name.Append(body, at, body.Length - at);
                break;
            }

            name.Append(body, at, index);
            var close = tag == Cycle[0] ? Cycle[1] : tag == Cycle[2] ? Cycle[3] : null;
            var start = at + index + tag.Length;
            var (length, found) = TagSearch.FindFirst(body.AsSpan(start), Cycle);
            if (close is null || found != close)
            {
                return null;
            }

            (tag == Cycle[0] ? keys : values).Add(body.Substring(start, length));
            at = start + length + close.Length;
        }

        return Pair(name.ToString().Trim(), keys, values);
    }

    private ParsedCall? Pair(string name, List<string> keys, List<string> values)
    {
        if (name.Length == 0 || keys.Count != values.Count || keys.Any(string.IsNullOrWhiteSpace))
        {
            return null;
        }

        var arguments = new OrderedDictionary<string, string>();
        foreach (var (key, value) in keys.Zip(values))
        {
            arguments[key.Trim()] = TagCallReader.StripLineFeeds(value);
        }

        return new ParsedCall(name, TypedArgument.ToJson(arguments, ParameterTypes.Of(tools, name)));
    }

    private static string Mend(string body)
    {
        var mended = new StringBuilder();
        var expected = 0;
        for (var at = 0; ;)
        {
            var (index, tag) = TagSearch.FindFirst(body.AsSpan(at), Cycle);
            var text = index < 0 ? body[at..] : body.Substring(at, index);

            // At the end only an open tag is closed; a key without a value stays one.
            var position = index < 0 ? (expected + (expected % 2)) % Cycle.Length : Array.IndexOf(Cycle, tag);
            var (before, after) = ("", "");
            for (; expected != position; expected = (expected + 1) % Cycle.Length)
            {
                // A tag that opens stands before the text, one that closes behind it.
                (before, after) = expected % 2 == 0 && after.Length == 0
                    ? (before + Cycle[expected], after)
                    : (before, after + Cycle[expected]);
            }

            var name = "";
            if (mended.Length == 0 && before.Length > 0)
            {
                // The key is glued to the name of the function.
                var space = text.AsSpan().Trim().IndexOfAny(' ', '\n');
                var start = text.Length - text.AsSpan().TrimStart().Length;
                name = space < 0 ? "" : text[..(start + space)];
                text = text[name.Length..];
            }

            mended.Append(name).Append(before).Append(text).Append(after);
            if (index < 0)
            {
                return mended.ToString();
            }

            mended.Append(tag);
            expected = (position + 1) % Cycle.Length;
            at += index + tag.Length;
        }
    }
}
