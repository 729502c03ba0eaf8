using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>A refusal, as body or as the last event of a stream.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorBody(ErrorWire Error);

/// <summary>What went wrong. Nulls are written.</summary>
internal sealed record ErrorWire
{
    /// <summary>The sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The kind, which follows from the status.</summary>
    public required string Type { get; init; }

    /// <summary>The field that is to blame; null where Ollama has the error as well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    /// <summary>A word for programs; null where Ollama has the error as well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Code { get; init; }
}
