using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Turns the chunks of one completion into OpenAI's records. Lives on the request's task.</summary>
/// <param name="head">What all records have in common.</param>
/// <param name="choiceCount">Number of choices.</param>
/// <param name="echo">Text in front of each answer.</param>
internal sealed class CompletionWire(CompletionHead head, int choiceCount, string echo)
{
    private readonly CompletionChoiceWire[] _choices =
        [.. Enumerable.Range(0, choiceCount).Select(index => new CompletionChoiceWire(index, echo))];

    private readonly List<GenerationUsage> _usages = [];

    /// <summary>The whole answer.</summary>
    public TextCompletion ToWhole(IReadOnlyList<GenerationChunk> answers) =>
        ToRecord([.. answers.Select((answer, index) => _choices[index].ToChoice(answer))]) with
        {
            Usage = UsageWire.Of([.. answers.Select(answer => answer.Usage ?? new GenerationUsage())]),
        };

    /// <summary>The answer to a request without a prompt.</summary>
    public TextCompletion Loaded() =>
        ToRecord([new TextChoice { Text = "", FinishReason = EmptyRequests.Loaded }]) with { Usage = UsageWire.Zero };

    /// <summary>The events that a chunk of a choice brings.</summary>
    /// <param name="index">The choice.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="usageIncluded">Ends the stream with the usage; until then every event has one of zeros.</param>
    public IEnumerable<TextCompletion> ToEvents(int index, GenerationChunk chunk, bool usageIncluded)
    {
        yield return ToRecord([_choices[index].ToChoice(chunk)]) with { Usage = usageIncluded ? UsageWire.Zero : null };
        if (chunk.FinishReason is null)
        {
            yield break;
        }

        _usages.Add(chunk.Usage ?? new GenerationUsage());
        if (usageIncluded && _usages.Count == choiceCount)
        {
            yield return ToRecord([]) with { Usage = UsageWire.Of(_usages) };
        }
    }

    private TextCompletion ToRecord(IReadOnlyList<TextChoice> choices) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = choices,
    };
}
