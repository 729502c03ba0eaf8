namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The messages of gpt-oss: channels for reasoning, preambles and answers, recipients for calls.</summary>
/// <param name="names">The tools on offer under the names that the model sees; null for no tools.</param>
internal sealed class HarmonyLayout(HarmonyNames? names) : IMessageLayout
{
    private const string Channel = "<|channel|>";
    private const string Constrain = "<|constrain|>";
    private const string RecipientPrefix = "to=";
    private const string FunctionPrefix = "functions.";

    public IReadOnlyList<string> Ends { get; } = ["<|end|>", "<|call|>", "<|return|>"];

    /// <summary>Calls have messages of their own.</summary>
    public string CallMark => "";

    public MessageRoute Route(string header, MessageRoute previous)
    {
        header = header.Replace(Constrain, " " + Constrain, StringComparison.Ordinal);
        var channel = "";
        var at = header.LastIndexOf(Channel, StringComparison.Ordinal);
        if (at >= 0)
        {
            var start = at + Channel.Length;
            var length = header.AsSpan(start).IndexOfAny(" \t\n<");
            channel = length < 0 ? header[start..] : header.Substring(start, length);
        }

        var recipient = header.Replace(Channel, " ", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith(RecipientPrefix, StringComparison.Ordinal))
            .Select(word => word[RecipientPrefix.Length..])
            .LastOrDefault() ?? "";

        // A message to the model itself is no call.
        var calls = recipient is not ("" or "assistant" or "all" or "user");
        return channel switch
        {
            "analysis" or "commentary" when calls =>
                new(names is null ? MessagePart.Nothing : MessagePart.Call, recipient),
            "analysis" => new(MessagePart.Thinking),
            "commentary" or "final" => new(MessagePart.Content),
            _ => previous.Part == MessagePart.Thinking ? previous : new(MessagePart.Content),
        };
    }

    public IReadOnlyList<ParsedCall> ReadCalls(MessageRoute route, string body)
    {
        var name = NameOf(route);
        return [new ParsedCall(names!.Original(name), CallJson.ReadArguments(name, body))];
    }

    public ICallHead? CreateHead(MessageRoute route) =>
        route.Part == MessagePart.Call ? new NamedCallHead(names!.Original(NameOf(route))) : null;

    private static string NameOf(MessageRoute route) =>
        route.Recipient.StartsWith(FunctionPrefix, StringComparison.Ordinal)
            ? route.Recipient[FunctionPrefix.Length..]
            : route.Recipient;
}
