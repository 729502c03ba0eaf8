namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Reads calls in Python's notation: <c>[f(a="x", b=2), g()]</c>, or one on each line. One that is broken spoils all.
/// </summary>
internal sealed class PythonCallReader(LiteralStyle style) : IToolCallReader
{
    private static readonly LiteralFrame Frame =
        new('=', ')', text => IsName(text) ? text : null) { NeedsCommas = true };

    public IReadOnlyList<ParsedCall> Read(string body)
    {
        var reader = new LiteralReader(body, style);
        var isList = reader.Skip('[');
        var calls = new List<ParsedCall>();
        while (true)
        {
            reader.SkipSpace();
            if (reader.IsAtEnd || (isList && reader.Skip(']')))
            {
                reader.SkipSpace();
                return reader.IsAtEnd ? calls : throw Broken();
            }

            calls.Add(ReadOne(reader));
            _ = reader.Skip(',');
        }
    }

    public ICallHead CreateHead() =>
        new PythonCallHead(IsName, () => new LiteralArguments(style, Frame, ParameterTypes.Of([], "")));

    private static ParsedCall ReadOne(LiteralReader reader)
    {
        var name = reader.ReadUntil('(');
        if (name is null || !IsName(name))
        {
            throw Broken();
        }

        var arguments = TypedArgument.ToJson(writer =>
        {
            var names = new HashSet<string>();
            while (!reader.Skip(')'))
            {
                var key = reader.ReadUntil('=');
                if (key is null || !IsName(key) || !names.Add(key))
                {
                    throw Broken();
                }

                writer.WritePropertyName(key);
                reader.Write(writer, isText: false);
                if (!reader.Skip(',') && (reader.IsAtEnd || !reader.IsNext(')')))
                {
                    throw Broken();
                }
            }
        });
        return new ParsedCall(name, arguments);
    }

    private static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private static OutputFormatException Broken() =>
        new("invalid tool call: not of the form name(argument=value, …)");
}
