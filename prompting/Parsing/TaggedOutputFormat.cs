using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>A family that sets reasoning and calls apart by tags.</summary>
internal sealed record TaggedOutputFormat(OutputSyntax Syntax) : IOutputFormat
{
    public IReadOnlyList<string> Tags => Syntax.Tags;

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random)
    {
        IToolCallReader? calls = prompt.Tools.Count == 0 ? null : Syntax.CallStyle switch
        {
            CallStyle.Json => new JsonCallReader(),
            CallStyle.Tags => new TagCallReader(prompt.Tools),
            _ => null,
        };
        return new TaggedOutputParser(Syntax, calls, Prefill.Beginning(prompt, rendered, Syntax), random);
    }

    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered)
    {
        if (Syntax is not { ThinkingOpen: { } open, ThinkingClose: { } close })
        {
            return null;
        }

        return Prefill.Beginning(prompt, rendered, Syntax) switch
        {
            OutputBeginning.ThinkingOpened or OutputBeginning.WithinThinking => new AnswerPreface(null, close),
            OutputBeginning.Open when prompt.Think is { Enabled: true } => new AnswerPreface(open, close),
            _ => null,
        };
    }
}
