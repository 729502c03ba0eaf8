using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The parsers that a model's config can name, and what they let a model do.</summary>
internal static class BuiltInParsers
{
    private static readonly Dictionary<string, BuiltInParser> Parsers = new(StringComparer.Ordinal)
    {
        ["passthrough"] = new(new TaggedOutputFormat(OutputSyntax.Plain), Tools: false, Thinking: false),
        ["qwen3"] = Tools(FamilySyntaxes.Hermes),
        ["qwen3-thinking"] = Both(Thinking(FamilySyntaxes.Hermes), UnlessOff),
        ["qwen3-coder"] = Tools(FamilySyntaxes.Coder),
        ["qwen3-vl-instruct"] = Tools(FamilySyntaxes.Hermes),
        ["qwen3-vl-thinking"] = Both(Thinking(FamilySyntaxes.Hermes), UnlessOff),
        ["qwen3.5"] = Both(Thinking(FamilySyntaxes.Coder), UnlessOff),
        ["ornith"] = Both(Thinking(FamilySyntaxes.Coder), UnlessOff),
        ["nemotron-3-nano"] = Both(Thinking(FamilySyntaxes.Coder), UnlessOff),
        ["nemotron-3.5-nano"] = Both(Thinking(FamilySyntaxes.Coder), UnlessOff),
        ["deepseek3"] = Both(Thinking(FamilySyntaxes.DeepSeek), WhenAsked),
        ["cogito"] = Both(FamilySyntaxes.Cogito, prompt => WhenAsked(prompt) && prompt.Tools.Count == 0),
        ["ministral"] = Tools(FamilySyntaxes.Mistral),
        ["harmony"] = new(new HarmonyOutputFormat(), Tools: true, Thinking: true),
        ["olmo3"] = Tools(FamilySyntaxes.Olmo3),
        ["olmo3-think"] = new(
            new TaggedOutputFormat(FamilySyntaxes.Thinking) { StartsThinking = _ => true },
            Tools: false, Thinking: true),
        ["functiongemma"] = Tools(FamilySyntaxes.FunctionGemma),
        ["gemma4"] = new(Gemma4(), Tools: true, Thinking: true),
        ["gemma4-no-thinking"] = new(Gemma4(), Tools: true, Thinking: false),
        ["glm-4.7"] = Both(FamilySyntaxes.Glm, UnlessOff),
        ["glm-ocr"] = Tools(FamilySyntaxes.Glm),
        ["lfm2"] = Tools(FamilySyntaxes.Lfm2),
        ["lfm2-thinking"] = Both(Thinking(FamilySyntaxes.Lfm2), _ => false),
        ["laguna"] = Both(FamilySyntaxes.Laguna, WhenAsked),
        ["poolside-v1"] = Both(FamilySyntaxes.Laguna, WhenAsked),
        ["cohere"] = Both(FamilySyntaxes.Cohere, UnlessOff),
        ["glimmer"] = new(new GlimmerOutputFormat(), Tools: true, Thinking: true),
    };

    /// <summary>The parser of that name; null when there is none, which means that none is used.</summary>
    public static BuiltInParser? Find(string name) => Parsers.GetValueOrDefault(name);

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> Names => Parsers.Keys;

    private static BuiltInParser Tools(OutputSyntax syntax) =>
        new(new TaggedOutputFormat(syntax), Tools: true, Thinking: false);

    private static BuiltInParser Both(OutputSyntax syntax, Func<ChatPrompt, bool> startsThinking) =>
        new(new TaggedOutputFormat(syntax) { StartsThinking = startsThinking }, Tools: true, Thinking: true);

    private static OutputSyntax Thinking(OutputSyntax syntax) => syntax with
    {
        ThinkingOpen = FamilySyntaxes.Thinking.ThinkingOpen,
        ThinkingClose = FamilySyntaxes.Thinking.ThinkingClose,
    };

    private static TaggedOutputFormat Gemma4() => new(FamilySyntaxes.Gemma4)
    {
        // The model goes on to reason about a result in the turn of its call.
        StartsThinking = prompt => WhenAsked(prompt) && prompt.Messages is [.., { Role: "tool" }],
        HidesUnasked = true,
    };

    private static bool UnlessOff(ChatPrompt prompt) => prompt.Think is not { Enabled: false };

    private static bool WhenAsked(ChatPrompt prompt) => prompt.Think is { Enabled: true };
}
