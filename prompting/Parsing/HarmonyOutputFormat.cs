using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>How gpt-oss writes: the harmony format.</summary>
internal sealed class HarmonyOutputFormat : IOutputFormat
{
    private const string Final = "<|channel|>final<|message|>";
    private const string Analysis = "<|channel|>analysis<|message|>";

    /// <summary>Whether a template, in whichever language, writes conversations in this format.</summary>
    public static bool IsWrittenBy(string template) =>
        template.Contains("<|channel|>", StringComparison.Ordinal)
        && template.Contains("<|message|>", StringComparison.Ordinal);

    public IReadOnlyList<string> Tags { get; } =
        ["<|start|>", "<|message|>", "<|end|>", "<|channel|>", "<|constrain|>"];

    /// <summary>Names become identifiers, and the model has no effort above high.</summary>
    public ChatPrompt Adapt(ChatPrompt prompt)
    {
        var named = new HarmonyNames(prompt.Tools).Apply(prompt);
        return named.Think is { Level: "max" } ? named with { Think = new ThinkSetting(true, "high") } : named;
    }

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random)
    {
        var names = prompt.Tools.Count == 0 ? null : new HarmonyNames(prompt.Tools);
        return new MessageOutputParser(new HarmonyLayout(names), Beginning(prompt), random, prompt.CallsInPieces);
    }

    /// <summary>The answer begins where the final channel does, whatever stands before it.</summary>
    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered) =>
        Beginning(prompt) == Final ? null : new AnswerPreface(null, Final);

    public string AppendPrefill(ChatPrompt prompt, string rendered, ChatMessage message)
    {
        var thinking = message.Thinking is { Length: > 0 } text ? Analysis + text : "";
        if (message.Content.Length == 0)
        {
            return rendered + thinking;
        }

        return rendered + thinking + (thinking.Length > 0 ? "<|end|><|start|>assistant" : "") + Final + message.Content;
    }

    private static string Beginning(ChatPrompt prompt) => Prefill.Of(prompt) switch
    {
        { Content.Length: > 0 } => Final,
        { Thinking.Length: > 0 } => Analysis,
        _ => "",
    };
}
