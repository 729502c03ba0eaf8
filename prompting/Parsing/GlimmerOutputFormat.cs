using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>How Glimmer writes.</summary>
internal sealed class GlimmerOutputFormat : IOutputFormat
{
    private const string ToUser = " to=user<|message|>";
    private const string ToSelf = " to=self<|message|>";

    public IReadOnlyList<string> Tags { get; } = ["<|start|>", "<|message|>", "<|eom|>", "<|eot|>"];

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random) =>
        new MessageOutputParser(
            new GlimmerLayout(prompt.Tools, prompt.Think is not { Enabled: false }), Beginning(rendered), random,
            prompt.CallsInPieces);

    /// <summary>The answer begins where a message to the user does, whatever stands before it.</summary>
    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered) =>
        Beginning(rendered) == ToUser ? null : new AnswerPreface(null, ToUser);

    // The renderer closes every past answer, so that only a template of another make leaves a header at the end.
    private static string Beginning(string rendered) =>
        rendered.EndsWith(ToUser, StringComparison.Ordinal) ? ToUser
        : rendered.EndsWith(ToSelf, StringComparison.Ordinal) ? ToSelf
        : "";
}
