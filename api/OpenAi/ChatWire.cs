using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Turns the chunks of one chat into OpenAI's records. Lives on the request's task.</summary>
/// <param name="head">What all records have in common.</param>
/// <param name="choiceCount">Number of choices.</param>
internal sealed class ChatWire(CompletionHead head, int choiceCount)
{
    private readonly ChatChoiceWire[] _choices =
        [.. Enumerable.Range(0, choiceCount).Select(index => new ChatChoiceWire(index))];

    private readonly List<GenerationUsage> _usages = [];

    /// <summary>The whole answer.</summary>
    public ChatCompletion ToWhole(IReadOnlyList<GenerationChunk> answers) =>
        ToRecord("chat.completion", [.. answers.Select((answer, index) => _choices[index].ToMessage(answer))]) with
        {
            Usage = UsageWire.Of([.. answers.Select(answer => answer.Usage ?? new GenerationUsage())]),
        };

    /// <summary>The events that a chunk of a choice brings; behind the very last one the usage, if asked for.</summary>
    public IEnumerable<ChatCompletion> ToEvents(int index, GenerationChunk chunk, bool usageIncluded)
    {
        foreach (var delta in _choices[index].ToDeltas(chunk))
        {
            yield return ToRecord("chat.completion.chunk", [delta]);
        }

        if (chunk.FinishReason is null)
        {
            yield break;
        }

        _usages.Add(chunk.Usage ?? new GenerationUsage());
        if (usageIncluded && _usages.Count == choiceCount)
        {
            yield return ToRecord("chat.completion.chunk", []) with { Usage = UsageWire.Of(_usages) };
        }
    }

    private ChatCompletion ToRecord(string kind, IReadOnlyList<ChatChoice> choices) => new()
    {
        Id = head.Id,
        Object = kind,
        Created = head.Created,
        Model = head.Model,
        Choices = choices,
    };
}
