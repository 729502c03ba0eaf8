using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>
/// Turns the chunks of completions into OpenAI's records: the choices of the first prompt come first, then those of the
/// next. Lives on the request's task.
/// </summary>
/// <param name="head">What all records have in common.</param>
/// <param name="choiceCount">Number of choices for each prompt.</param>
/// <param name="promptCount">Number of prompts.</param>
internal sealed class CompletionWire(CompletionHead head, int choiceCount, int promptCount)
{
    private readonly CompletionChoiceWire[] _choices =
        [.. Enumerable.Range(0, choiceCount * promptCount).Select(index => new CompletionChoiceWire(index))];

    private readonly GenerationUsage[] _usages =
        [.. Enumerable.Repeat(new GenerationUsage(), choiceCount * promptCount)];

    private int _finishedCount;

    /// <summary>Puts texts in front of the answers to each prompt.</summary>
    public void Echo(IReadOnlyList<string> echoes)
    {
        foreach (var (index, choice) in _choices.Index())
        {
            choice.Echo(echoes[index / choiceCount]);
        }
    }

    /// <summary>The whole answer.</summary>
    public TextCompletion ToWhole(IReadOnlyList<GenerationChunk> answers) =>
        ToRecord(head, [.. answers.Select((answer, index) => _choices[index].ToChoice(answer))]) with
        {
            Usage = UsageWire.Of(
                [.. answers.Select(answer => answer.Usage ?? new GenerationUsage())], choiceCount),
        };

    /// <summary>The answer to a request without a prompt.</summary>
    public static TextCompletion Loaded(CompletionHead head) =>
        ToRecord(head, [new TextChoice { Text = "", FinishReason = EmptyRequests.Loaded }]) with
        {
            Usage = UsageWire.Zero,
        };

    /// <summary>The events that a chunk of a choice brings.</summary>
    /// <param name="index">The choice.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="usageIncluded">Ends the stream with the usage; until then every event has one of zeros.</param>
    public IEnumerable<TextCompletion> ToEvents(int index, GenerationChunk chunk, bool usageIncluded)
    {
        yield return ToRecord(head, [_choices[index].ToChoice(chunk)]) with
        {
            Usage = usageIncluded ? UsageWire.Zero : null,
        };
        if (chunk.FinishReason is null)
        {
            yield break;
        }

        _usages[index] = chunk.Usage ?? new GenerationUsage();
        if (usageIncluded && ++_finishedCount == _usages.Length)
        {
            yield return ToRecord(head, []) with { Usage = UsageWire.Of(_usages, choiceCount) };
        }
    }

    private static TextCompletion ToRecord(CompletionHead head, IReadOnlyList<TextChoice> choices) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = choices,
    };
}
