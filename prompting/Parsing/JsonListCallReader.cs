using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads a list of calls, or a single one, as JSON: <c>[{"name": "f", "arguments": {…}}, …]</c> under any of the
/// names that families use for these keys.
/// </summary>
/// <param name="salvages">Takes what is whole out of a broken list, and out of one that was cut off.</param>
internal sealed class JsonListCallReader(bool salvages) : IToolCallReader
{
    private static readonly string[] NameKeys = ["name", "tool_name", "function"];
    private static readonly string[] ArgumentKeys = ["arguments", "parameters"];

    /// <summary>The name is usually the only key of a call, with the arguments under it.</summary>
    public bool NamesAreKeys { get; init; }

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var start = body.AsSpan().IndexOfAny('[', '{');
        if (start < 0)
        {
            throw new OutputFormatException("invalid tool call: not valid JSON");
        }

        try
        {
            using var document = CallJson.Parse(body[start..]);
            var list = document.RootElement;
            return list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(call => ReadOne(call, NameKeys))]
                : [ReadOne(list, NameKeys)];
        }
        catch (OutputFormatException) when (salvages)
        {
            return Salvage(body);
        }
    }

    public IReadOnlyList<ParsedCall> ReadCut(string body) => salvages ? Salvage(body) : [];

    public ICallHead CreateHead() => new JsonCallHead(NameKeys, ArgumentKeys) { NamesAreKeys = NamesAreKeys };

    /// <summary>Reads one call, which has the name that comes first, as its head does.</summary>
    /// <param name="call">The call.</param>
    /// <param name="nameKeys">Keys of the name.</param>
    /// <exception cref="OutputFormatException">It has no name, or its arguments are no object.</exception>
    public static ParsedCall ReadOne(JsonElement call, IReadOnlyList<string> nameKeys)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            throw new OutputFormatException("invalid tool call: not a JSON object");
        }

        foreach (var member in call.EnumerateObject())
        {
            if (nameKeys.Contains(member.Name)
                && member.Value.ValueKind == JsonValueKind.String
                && member.Value.GetString() is { Length: > 0 } text)
            {
                return new ParsedCall(text, Arguments(call, text));
            }
        }

        // The name as the only key, the arguments under it.
        return call.EnumerateObject().ToList() is [{ Value.ValueKind: JsonValueKind.Object } only]
            ? new ParsedCall(only.Name, only.Value.Clone())
            : throw new OutputFormatException("invalid tool call: the name is missing");
    }

    private static JsonElement Arguments(JsonElement call, string name)
    {
        foreach (var key in ArgumentKeys)
        {
            if (call.TryGetProperty(key, out var arguments) && arguments.ValueKind != JsonValueKind.Null)
            {
                return arguments.ValueKind switch
                {
                    JsonValueKind.Object => arguments.Clone(),
                    JsonValueKind.String => CallJson.ReadArguments(name, arguments.GetString()!),
                    _ => throw new OutputFormatException(
                        $"invalid tool call: the arguments of \"{name}\" are not a JSON object"),
                };
            }
        }

        return CallJson.Empty();
    }

    private static List<ParsedCall> Salvage(string body)
    {
        var calls = new List<ParsedCall>();
        for (var at = body.IndexOf('{'); at >= 0; at = at < body.Length ? body.IndexOf('{', at) : -1)
        {
            var balance = new BracketBalance();
            var start = at;
            while (at < body.Length && !balance.Closes(body[at]))
            {
                at++;
            }

            if (at == body.Length)
            {
                break;
            }

            try
            {
                using var document = CallJson.Parse(body[start..++at]);
                calls.Add(ReadOne(document.RootElement, NameKeys));
            }
            catch (OutputFormatException)
            {
                // The next one may be whole.
            }
        }

        return calls;
    }
}
