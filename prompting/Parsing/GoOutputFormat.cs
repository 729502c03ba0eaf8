using Ollama.Platform.Prompting.Go.Chat;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// What a Go template implies: its texts around <c>.Thinking</c> and before <c>.ToolCalls</c> are the marks by which
/// completions are read.
/// </summary>
internal sealed class GoOutputFormat : IOutputFormat
{
    private readonly TaggedOutputFormat _thinking;
    private readonly TaggedOutputFormat _plain = new(OutputSyntax.Plain);
    private readonly string _callTag;

    public GoOutputFormat(GoChatTemplate template)
    {
        _callTag = CallTag.Find(template.Body);
        _thinking = ThinkingTags.Find(template.Body) is { } tags
            ? new(OutputSyntax.Plain with { ThinkingOpen = tags.Open, ThinkingClose = tags.Close })
            : _plain;
        CallMarks = template.TakesTools && _callTag is not ("{" or "[") ? [new(_callTag, null)] : [];
        Tags = [.. _thinking.Tags, .. CallMarks.Select(marks => marks.Open)];
    }

    public IReadOnlyList<string> Tags { get; }

    public IReadOnlyList<CallMarks> CallMarks { get; }

    /// <summary>The template sets reasoning apart.</summary>
    public bool SetsThinkingApart => _thinking != _plain;

    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random)
    {
        var thinking = Of(prompt).CreateParser(prompt with { Tools = [] }, rendered, random);
        return prompt.Tools.Count == 0
            ? thinking
            : new LooseOutputParser(
                thinking, new LooseCallScanner(_callTag, prompt.Tools, random, prompt.CallsInPieces));
    }

    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered) => Of(prompt).FindPreface(prompt, rendered);

    // A model that was not asked to think is taken at its word.
    private TaggedOutputFormat Of(ChatPrompt prompt) => prompt.Think is { Enabled: true } ? _thinking : _plain;
}
