using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Responses.Specification;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>A response: what was asked, and what has become of it. Nulls are written, as the clients' types have
/// them.</summary>
internal sealed record ResponseWire
{
    /// <summary>Names the response.</summary>
    public required string Id { get; init; }

    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "response";

    /// <summary>Seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Seconds since 1970; null until it is complete.</summary>
    public long? CompletedAt { get; init; }

    /// <summary>
    /// <c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Why it is not whole.</summary>
    public IncompleteWire? IncompleteDetails { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The response that it goes on from.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>What stands in front of the conversation.</summary>
    public string? Instructions { get; init; }

    /// <summary>What the model produced.</summary>
    public IReadOnlyList<OutputItem> Output { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public FailureWire? Error { get; init; }

    /// <summary>As sent.</summary>
    [AsSent(ResponsesSchemas.ToolName, IsList = true)]
    public JsonElement Tools { get; init; } = ResponseDefaults.EmptyArray;

    /// <summary>As sent.</summary>
    [AsSent(ResponsesSchemas.ToolChoiceName)]
    public JsonElement ToolChoice { get; init; } = ResponseDefaults.Auto;

    /// <summary><c>auto</c> or <c>disabled</c>.</summary>
    public string Truncation { get; init; } = ResponseDefaults.Truncation;

    /// <summary>The answer may hold several calls.</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>As sent.</summary>
    [AsSent(ResponsesSchemas.TextName)]
    public JsonElement Text { get; init; } = ResponseDefaults.PlainText;

    /// <summary>As sent, or 1.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>As sent.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>As sent.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Alternatives reported for each token.</summary>
    [JsonPropertyName("top_logprobs")]
    public int TopLogProbs { get; init; }

    /// <summary>As sent, or 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>As sent.</summary>
    [AsSent(ResponsesSchemas.ReasoningName)]
    public JsonElement? Reasoning { get; init; }

    /// <summary>What it cost; null until that is known.</summary>
    public UsageWire? Usage { get; init; }

    /// <summary>Most tokens to produce.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>As sent; the server calls no tools of its own.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>It can be fetched later.</summary>
    public bool Store { get; init; }

    /// <summary>It goes on without its client.</summary>
    public bool Background { get; init; }

    /// <summary>Always the same.</summary>
    public string ServiceTier { get; init; } = "default";

    /// <summary>As sent.</summary>
    [AsSent(ResponsesSchemas.MetadataName)]
    public JsonElement Metadata { get; init; } = EmptyObject.Element;

    /// <summary>As sent.</summary>
    public string? SafetyIdentifier { get; init; }

    /// <summary>As sent.</summary>
    public string? PromptCacheKey { get; init; }
}

/// <summary>How long the prompt of a response would be.</summary>
/// <param name="InputTokens">Its tokens.</param>
internal sealed record InputTokensWire(int InputTokens)
{
    /// <summary>Always the same.</summary>
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "response.input_tokens";
}

/// <summary>Why a response is not whole.</summary>
/// <param name="Reason">Always <c>max_output_tokens</c>.</param>
internal sealed record IncompleteWire(string Reason);

/// <summary>Why a response failed.</summary>
/// <param name="Code">One of OpenAI's words for it.</param>
/// <param name="Message">The sentence.</param>
internal sealed record FailureWire(string Code, string Message);

/// <summary>What a response cost, in tokens.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="InputTokensDetails">What is known about them.</param>
/// <param name="OutputTokens">Tokens produced.</param>
/// <param name="OutputTokensDetails">What is known about them.</param>
/// <param name="TotalTokens">Both together.</param>
internal sealed record UsageWire(
    int InputTokens,
    InputDetailsWire InputTokensDetails,
    int OutputTokens,
    OutputDetailsWire OutputTokensDetails,
    int TotalTokens);

/// <summary>What is known about a prompt.</summary>
/// <param name="CachedTokens">Tokens that had been computed before.</param>
internal sealed record InputDetailsWire(int CachedTokens);

/// <summary>What is known about an answer.</summary>
/// <param name="ReasoningTokens">Tokens of its reasoning.</param>
internal sealed record OutputDetailsWire(int ReasoningTokens);
