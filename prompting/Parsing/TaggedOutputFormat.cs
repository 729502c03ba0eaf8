using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>A family that sets reasoning and calls apart by tags.</summary>
internal sealed record TaggedOutputFormat(OutputSyntax Syntax) : IOutputFormat
{
    /// <summary>
    /// Whether a completion begins inside the reasoning when the end of the prompt does not show it; by the request's
    /// think setting, null for none.
    /// </summary>
    public Func<ChatPrompt, bool> StartsThinking { get; init; } = _ => false;

    /// <summary>Reasoning that nobody asked for is not shown.</summary>
    public bool HidesUnasked { get; init; }

    public IReadOnlyList<string> Tags => Syntax.Tags;

    public IReadOnlyList<CallMarks> CallMarks => Syntax switch
    {
        { Reader: null } => [],
        { BlockOpen: { } block } => [new(block, Syntax.CallClose), new(Syntax.CallOpen, Syntax.CallClose)],
        _ => [new(Syntax.CallOpen, Syntax.CallClose) { IsJson = Syntax.Reader([]).IsJson }],
    };

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random)
    {
        var calls = prompt.Tools.Count == 0 ? null : Syntax.Reader?.Invoke(prompt.Tools);
        IOutputParser parser = new TaggedOutputParser(
            Syntax, calls, Beginning(prompt, rendered), random, prompt.CallsInPieces);
        if (calls is not null && Syntax.BareCalls != BareCallStyle.None && Prefill.Of(prompt) is null)
        {
            parser = new BareCallParser(parser, Syntax.BareCalls, calls, prompt.Tools, random);
        }

        return HidesUnasked && prompt.Think is not { Enabled: true } ? new ThoughtlessParser(parser) : parser;
    }

    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered)
    {
        if (Syntax is not { ThinkingOpen: { } open, ThinkingClose: { } close })
        {
            return null;
        }

        return Beginning(prompt, rendered) switch
        {
            OutputBeginning.ThinkingOpened or OutputBeginning.WithinThinking => new AnswerPreface(null, close),
            OutputBeginning.Open when prompt.Think is { Enabled: true } => new AnswerPreface(open, close),
            _ => null,
        };
    }

    public string AppendPrefill(ChatPrompt prompt, string rendered, ChatMessage message) =>
        Prefill.Append(prompt, rendered, message, Syntax);

    private OutputBeginning Beginning(ChatPrompt prompt, string rendered)
    {
        var shown = Prefill.Beginning(prompt, rendered, Syntax);
        return shown == OutputBeginning.Open && StartsThinking(prompt) ? OutputBeginning.ThinkingOpened : shown;
    }
}
