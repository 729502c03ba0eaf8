using System.Text.Json.Serialization;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>What an answer cost, in tokens. Zeros are written.</summary>
internal sealed record UsageWire
{
    /// <summary>Tokens of the prompt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int PromptTokens { get; init; }

    /// <summary>Tokens of the completion; null for embeddings.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>Both together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int TotalTokens { get; init; }

    /// <summary>What is known about the prompt.</summary>
    public PromptTokensDetails? PromptTokensDetails { get; init; }

    /// <summary>The usage of a generation; zeros when it is not known.</summary>
    public static UsageWire Of(GenerationUsage? usage) => new()
    {
        PromptTokens = usage?.PromptTokenCount ?? 0,
        CompletionTokens = usage?.CompletionTokenCount ?? 0,
        TotalTokens = (usage?.PromptTokenCount ?? 0) + (usage?.CompletionTokenCount ?? 0),
        PromptTokensDetails = usage is null ? null : new PromptTokensDetails(usage.CachedTokenCount),
    };
}

/// <summary>What is known about a prompt.</summary>
/// <param name="CachedTokens">Tokens that had been computed before.</param>
internal sealed record PromptTokensDetails(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int CachedTokens);
