using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>A message of an answer or of a model's own conversation.</summary>
internal sealed record MessageWire
{
    /// <summary>Who speaks.</summary>
    public required string Role { get; init; }

    /// <summary>The text.</summary>
    public required string Content { get; init; }

    /// <summary>Reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>Calls that the model asks for.</summary>
    public IReadOnlyList<ToolCallWire>? ToolCalls { get; init; }
}

/// <summary>One call.</summary>
/// <param name="Id">Its id; left out when null.</param>
/// <param name="Function">The function and its arguments.</param>
internal sealed record ToolCallWire(string? Id, FunctionWire Function);

/// <summary>What is called.</summary>
/// <param name="Index">Position among the calls of the answer.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">An object.</param>
internal sealed record FunctionWire(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int Index,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement Arguments);

/// <summary>The log-probability of one token.</summary>
internal sealed record LogProbWire
{
    /// <summary>The token's text.</summary>
    public required string Token { get; init; }

    /// <summary>Natural logarithm of the probability.</summary>
    [JsonPropertyName("logprob")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double LogProb { get; init; }

    /// <summary>The token's bytes.</summary>
    public IReadOnlyList<int>? Bytes { get; init; }

    /// <summary>The best alternatives.</summary>
    [JsonPropertyName("top_logprobs")]
    public IReadOnlyList<LogProbWire>? Top { get; init; }
}

/// <summary>A prompt as the model would read it.</summary>
/// <param name="RenderedTemplate">The text.</param>
/// <param name="ImageCount">Images that it refers to.</param>
internal sealed record DebugWire(string RenderedTemplate, int ImageCount);
