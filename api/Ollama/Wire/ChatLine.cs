using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>One line, or the whole answer, of <c>/api/chat</c>. Nulls and zeros are left out.</summary>
internal sealed record ChatLine
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>When the line was made, RFC 3339 in UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>The new part of the assistant's message.</summary>
    public required MessageWire Message { get; init; }

    /// <summary>This line is the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool Done { get; init; }

    /// <summary>Why it is the last.</summary>
    public string? DoneReason { get; init; }

    /// <summary>Log-probabilities of the tokens of this line.</summary>
    [JsonPropertyName("logprobs")]
    public IReadOnlyList<LogProbWire>? LogProbs { get; init; }

    /// <summary>Nanoseconds from arrival to the last token.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptEvalCount { get; init; }

    /// <summary>Nanoseconds of prefill.</summary>
    public long PromptEvalDuration { get; init; }

    /// <summary>Tokens of the completion.</summary>
    public int EvalCount { get; init; }

    /// <summary>Nanoseconds of decoding.</summary>
    public long EvalDuration { get; init; }

    /// <summary>The rendered prompt, where nothing else was asked for.</summary>
    [JsonPropertyName("_debug_info")]
    public DebugWire? Debug { get; init; }
}
