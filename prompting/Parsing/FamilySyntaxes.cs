using static Ollama.Platform.Prompting.Rendering.Families.DeepSeekTokens;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The marks of each family, for those who name it and for templates that show its marks.</summary>
internal static class FamilySyntaxes
{
    private static readonly LiteralStyle GemmaStyle = new()
    {
        Mark = "<|\"|>",
        HasQuotes = true,
        IsMended = true,
    };

    private static readonly LiteralStyle FunctionGemmaStyle = new() { Mark = "<escape>", HasBareTexts = true };
    private static readonly LiteralStyle Lfm2Style = new() { HasQuotes = true, HasBareTexts = true };
    private static readonly LiteralStyle OlmoStyle = new() { HasQuotes = true, DecodesEscapes = true };

    /// <summary>Reasoning between the tags that most families use; calls are not read.</summary>
    public static OutputSyntax Thinking { get; } =
        OutputSyntax.Plain with { ThinkingOpen = "<think>", ThinkingClose = "</think>" };

    /// <summary>One JSON object between tags: Hermes, Qwen 2.5, Qwen 3.</summary>
    public static OutputSyntax Hermes { get; } = OutputSyntax.Plain with { Reader = _ => new JsonCallReader() };

    /// <summary>Tags around each value: Qwen3-Coder, Nemotron 3.</summary>
    public static OutputSyntax Coder { get; } =
        OutputSyntax.Plain with { Reader = tools => new TagCallReader(tools) };

    /// <summary>As <see cref="Coder"/>, between marks of its own.</summary>
    public static OutputSyntax SeedOss { get; } =
        Coder with { CallOpen = "<seed:tool_call>", CallClose = "</seed:tool_call>" };

    public static OutputSyntax DeepSeek { get; } = OutputSyntax.Plain with
    {
        Reader = _ => new SeparatedCallReader(Separator),
        CallOpen = CallBegin,
        CallClose = CallEnd,
        DropsBrokenCalls = true,
        BlockOpen = CallsBegin,
        BlockClose = CallsEnd,
        Ignored = [CallsBegin, CallsEnd],
    };

    /// <summary>As DeepSeek, with results that the model makes up, which nobody should see.</summary>
    public static OutputSyntax Cogito { get; } = DeepSeek with
    {
        ThinkingOpen = "<think>",
        ThinkingClose = "</think>",
        Hidden = (OutputsBegin, OutputsEnd),
    };

    /// <summary>DeepSeek V3.2.</summary>
    public static OutputSyntax Dsml { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new InvokeCallReader(
            new InvokeTags("｜DSML｜invoke", "｜DSML｜parameter", KeepsLineFeeds: true), tools),
        CallOpen = "<｜DSML｜function_calls>",
        CallClose = "</｜DSML｜function_calls>",
    };

    /// <summary>DeepSeek V4.</summary>
    public static OutputSyntax DsmlToolCalls { get; } =
        Dsml with { CallOpen = "<｜DSML｜tool_calls>", CallClose = "</｜DSML｜tool_calls>" };

    /// <summary>A name and arguments: Mistral Small 3.2, Devstral, Magistral, Ministral.</summary>
    public static OutputSyntax Mistral { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new SeparatedCallReader("[ARGS]") { Tools = tools, NameEnd = "[CALL_ID]" },
        CallOpen = "[TOOL_CALLS]",
        CallClose = null,
        BodyHead = "[ARGS]",
        ThinkingOpen = "[THINK]",
        ThinkingClose = "[/THINK]",
        ThinkingReopens = true,
    };

    /// <summary>One list of all calls: Mistral up to Nemo.</summary>
    public static OutputSyntax MistralList { get; } = List("[TOOL_CALLS]", null);

    /// <summary>Keys and values in tags.</summary>
    public static OutputSyntax Glm { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new ArgumentTagCallReader(tools),
        ThinkingOpen = "<think>",
        ThinkingClose = "</think>",
    };

    public static OutputSyntax Laguna { get; } =
        Glm with
        {
            Reader = tools => new LagunaCallReader(tools),
            BareCalls = BareCallStyle.Json,
            Ignored = ["</assistant>"],
        };

    public static OutputSyntax FunctionGemma { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new BracedCallReader(FunctionGemmaStyle, tools),
        CallOpen = "<start_function_call>",
        CallClose = "<end_function_call>",
        KeepsSpace = true,
        DropsBrokenCalls = true,
        Ignored = ["<start_function_response>"],
    };

    public static OutputSyntax Gemma4 { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new BracedCallReader(GemmaStyle, tools),
        CallOpen = "<|tool_call>",
        CallClose = "<tool_call|>",
        ThinkingOpen = "<|channel>",
        ThinkingClose = "<channel|>",
        ThinkingLabel = "thought",
        ThinkingReopens = true,
        DropsBrokenCalls = true,
        Ignored = ["<tool_call|>", "<|tool_response>"],
    };

    public static OutputSyntax Lfm2 { get; } = OutputSyntax.Plain with
    {
        Reader = _ => new PythonCallReader(Lfm2Style),
        CallOpen = "<|tool_call_start|>",
        CallClose = "<|tool_call_end|>",
        BareCalls = BareCallStyle.Python,
        DropsBrokenCalls = true,
    };

    public static OutputSyntax Olmo3 { get; } = OutputSyntax.Plain with
    {
        Reader = _ => new PythonCallReader(OlmoStyle),
        CallOpen = "<function_calls>",
        CallClose = "</function_calls>",
        KeepsSpace = true,
        DropsBrokenCalls = true,
    };

    public static OutputSyntax Cohere { get; } = OutputSyntax.Plain with
    {
        Reader = _ => new JsonListCallReader(salvages: true),
        CallOpen = "<|START_ACTION|>",
        CallClose = "<|END_ACTION|>",
        ThinkingOpen = "<|START_THINKING|>",
        ThinkingClose = "<|END_THINKING|>",
        DropsBrokenCalls = true,
        Ignored =
        [
            "<|START_TEXT|>", "<|END_TEXT|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|END_OF_TURN_TOKEN|>",
        ],
    };

    /// <summary>Command R and R+.</summary>
    public static OutputSyntax CommandR { get; } =
        List("Action: ```json", "```") with { IgnoredName = "directly-answer" };

    public static OutputSyntax KimiK2 { get; } = OutputSyntax.Plain with
    {
        Reader = _ => new SeparatedCallReader("<|tool_call_argument_begin|>") { IsNumbered = true },
        CallOpen = "<|tool_call_begin|>",
        CallClose = "<|tool_call_end|>",
        BlockOpen = "<|tool_calls_section_begin|>",
        Ignored = ["<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"],
    };

    public static OutputSyntax MiniMax { get; } = OutputSyntax.Plain with
    {
        Reader = tools => new InvokeCallReader(new InvokeTags("invoke", "parameter"), tools),
        CallOpen = "<minimax:tool_call>",
        CallClose = "</minimax:tool_call>",
    };

    /// <summary>Nemotron Nano v2.</summary>
    public static OutputSyntax NemotronNano { get; } = List("<TOOLCALL>", "</TOOLCALL>");

    /// <summary>Granite 3 and Phi-4-mini, which closes the list with a mark.</summary>
    public static OutputSyntax Granite { get; } = List("<|tool_call|>", null) with { Ignored = ["<|/tool_call|>"] };

    public static OutputSyntax Apertus { get; } = List("<|tools_prefix|>", "<|tools_suffix|>") with
    {
        Reader = _ => new JsonListCallReader(salvages: false) { NamesAreKeys = true },
    };

    private static OutputSyntax List(string open, string? close) => OutputSyntax.Plain with
    {
        Reader = _ => new JsonListCallReader(salvages: false),
        CallOpen = open,
        CallClose = close,
    };
}
