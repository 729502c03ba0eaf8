using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>An answer of <c>/v1/completions</c>, or one event of its stream. Nulls are left out.</summary>
internal sealed record TextCompletion
{
    /// <summary>The same in all events of a stream.</summary>
    public required string Id { get; init; }

    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "text_completion";

    /// <summary>Seconds since 1970; the same in all events of a stream.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Created { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>Always the same.</summary>
    public string SystemFingerprint { get; init; } = CompletionHead.Fingerprint;

    /// <summary>The choices; empty in the event that only carries usage.</summary>
    public required IReadOnlyList<TextChoice> Choices { get; init; }

    /// <summary>What it cost.</summary>
    public UsageWire? Usage { get; init; }
}

/// <summary>One choice, or what is new in it.</summary>
internal sealed record TextChoice
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Position among the choices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Index { get; init; }

    /// <summary>Why the choice ended; null is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }

    /// <summary>Log-probabilities of the tokens behind this.</summary>
    [JsonPropertyName("logprobs")]
    public TextLogProbs? LogProbs { get; init; }
}

/// <summary>Log-probabilities of a completion: four lists with one entry for each token.</summary>
/// <param name="Tokens">Texts of the tokens.</param>
/// <param name="TokenLogprobs">Natural logarithms of their probabilities.</param>
/// <param name="TopLogprobs">The best alternatives, by text.</param>
/// <param name="TextOffset">Characters before the token.</param>
internal sealed record TextLogProbs(
    IReadOnlyList<string> Tokens,
    IReadOnlyList<double> TokenLogprobs,
    IReadOnlyList<IReadOnlyDictionary<string, double>> TopLogprobs,
    IReadOnlyList<int> TextOffset);
