using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The messages of Glimmer: the recipient says what a message is.</summary>
/// <param name="tools">The tools on offer.</param>
/// <param name="showsThinking">Reasoning is for the client.</param>
internal sealed class GlimmerLayout(IReadOnlyList<ToolDefinition> tools, bool showsThinking) : IMessageLayout
{
    private const string BlockOpen = "<atem:function_calls>";
    private const string BlockClose = "</atem:function_calls>";

    private readonly InvokeCallReader _calls =
        new(new InvokeTags("atem:invoke", "atem:parameter", KeepsLineFeeds: true), tools);

    public IReadOnlyList<string> Ends { get; } = ["<|eom|>", "<|eot|>"];

    public string CallMark => BlockOpen;

    public MessageRoute Route(string header, MessageRoute previous)
    {
        var at = header.IndexOf("to=", StringComparison.Ordinal);
        var recipient = at < 0 ? "" : header[(at + "to=".Length)..].Trim();
        return recipient switch
        {
            "self" => new(showsThinking ? MessagePart.Thinking : MessagePart.Nothing),
            "" or "user" => new(tools.Count > 0 ? MessagePart.ContentOrCall : MessagePart.Content),
            _ => new(tools.Count > 0 ? MessagePart.Call : MessagePart.Nothing, recipient),
        };
    }

    public IReadOnlyList<ParsedCall> ReadCalls(MessageRoute route, string body)
    {
        var block = body.AsSpan().Trim();
        if (route.Part == MessagePart.Call)
        {
            return [.. _calls.Read(body).Select(call => call with { Name = Undotted(call.Name) })];
        }

        if (!block.StartsWith(BlockOpen, StringComparison.Ordinal)
            || !block.EndsWith(BlockClose, StringComparison.Ordinal))
        {
            return [];
        }

        var calls = _calls.Read(body).Select(call => call with { Name = Undotted(call.Name) }).ToList();
        return calls.All(call => IsDeclared(call.Name)) ? calls : [];
    }

    public ICallHead? CreateHead(MessageRoute route) =>
        route.Part == MessagePart.Call ? new RenamedCallHead(_calls.CreateHead(), Undotted) : null;

    /// <summary>A tool without a group may be called as the member of a group of its own name.</summary>
    private string Undotted(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && !IsDeclared(name) && name[..dot] == name[(dot + 1)..] && IsDeclared(name[..dot])
            ? name[..dot]
            : name;
    }

    private bool IsDeclared(string name) => tools.Any(tool => tool.Name == name);
}
