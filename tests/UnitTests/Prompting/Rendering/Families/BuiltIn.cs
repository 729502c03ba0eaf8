using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

/// <summary>Built-in renderers and parsers by name, and a conversation for them.</summary>
internal static class BuiltIn
{
    public static ToolDefinition Tool { get; } = Conversations.Tool(
        """
        {"function": {"description": "D", "name": "f", "parameters": {"properties": {"a": {"description": "n <1>",
        "type": ["integer"], "minimum": 1}}, "required": ["a"], "type": "object"}}, "type": "function"}
        """);

    public static ChatMessage S { get; } = Conversations.SystemText("S");

    public static ChatMessage U { get; } = Conversations.User("U");

    public static ChatMessage A { get; } = Conversations.Assistant("A") with { Thinking = "R" };

    public static ChatMessage V { get; } = Conversations.User("V");

    /// <summary>An answer that calls the tool, after some reasoning.</summary>
    public static ChatMessage Calls { get; } =
        Conversations.Assistant("ok", Conversations.Call("f", """{"a":1}""") with { Id = "call_1" }) with
        {
            Thinking = "R",
        };

    /// <summary>Two calls and nothing else.</summary>
    public static ChatMessage CallsTwice { get; } = Conversations.Assistant(
        "", Conversations.Call("f", """{"b":"x","a":[1]}"""), Conversations.Call("g", "{}"));

    public static ChatMessage Result { get; } =
        Conversations.Result("X") with { ToolName = "f", ToolCallId = "call_1" };

    public static ChatMessage Result2 { get; } = Conversations.Result("Y") with { ToolName = "g" };

    public static string Render(string renderer, bool? think, params ChatMessage[] messages) =>
        Render(renderer, Prompt(think, messages));

    public static string RenderWithTool(string renderer, bool? think, params ChatMessage[] messages) =>
        Render(renderer, Prompt(think, messages) with { Tools = [Tool] });

    public static string Render(string renderer, ChatPrompt prompt) =>
        ChatFormat.FromRenderer(renderer, "m", "8.0B")!.Render(prompt);

    public static ChatPrompt Prompt(bool? think, params ChatMessage[] messages) =>
        Conversations.Prompt(messages) with { Think = think is { } on ? new ThinkSetting(on, null) : null };

    /// <summary>What a named parser makes of a completion, the same for every way of cutting it.</summary>
    public static Completion Read(string parser, string text, bool? think = null, params ToolDefinition[] tools) =>
        Read(parser, text, Prompt(think, U) with { Tools = tools.Length > 0 ? tools : [Tool] });

    public static Completion Read(string parser, string text, ChatPrompt prompt) =>
        Completion.Of(inPieces => Parser(parser, prompt with { CallsInPieces = inPieces }), text);

    public static string Refusal(string parser, string text, bool? think = false, params ToolDefinition[] tools) =>
        Completion.Refusal(
            () => Parser(parser, Prompt(think, U) with { Tools = tools.Length > 0 ? tools : [Tool] }), text);

    public static IOutputParser Parser(string parser, ChatPrompt prompt) =>
        ChatFormat.Bare.ReadBy(parser).CreateParser(prompt, "", new Random(1));
}
