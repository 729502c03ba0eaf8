using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>A family whose calls are bare JSON, and which sets no reasoning apart (Llama 3).</summary>
internal sealed class BareJsonOutputFormat : IOutputFormat
{
    public IReadOnlyList<string> Tags { get; } = ["<|python_tag|>"];

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random) =>
        prompt.Tools.Count > 0 && Prefill.Of(prompt) is null
            ? new BareJsonParser(prompt.Tools, random, prompt.CallsInPieces)
            : new TaggedOutputParser(OutputSyntax.Plain, null, OutputBeginning.Open, random);

    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered) => null;
}
