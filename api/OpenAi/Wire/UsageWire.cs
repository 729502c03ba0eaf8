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

    /// <summary>What is known about the completion.</summary>
    public CompletionTokensDetails? CompletionTokensDetails { get; init; }

    /// <summary>Where nothing is counted, or not yet.</summary>
    public static UsageWire Zero { get; } = new() { CompletionTokens = 0 };

    /// <summary>The usage of all choices of several prompts together.</summary>
    /// <param name="choices">The choices of the first prompt, then those of the next.</param>
    /// <param name="choiceCount">Number of choices of each prompt.</param>
    public static UsageWire Of(IReadOnlyCollection<GenerationUsage> choices, int choiceCount)
    {
        var prompts = choices.Chunk(choiceCount).Select(one => Of(one)).ToArray();
        var (prompt, completion) = (
            prompts.Sum(usage => usage.PromptTokens), prompts.Sum(usage => usage.CompletionTokens ?? 0));
        return new UsageWire
        {
            PromptTokens = prompt,
            CompletionTokens = completion,
            TotalTokens = prompt + completion,
            PromptTokensDetails = new PromptTokensDetails(
                prompts.Sum(usage => usage.PromptTokensDetails?.CachedTokens ?? 0)),
            CompletionTokensDetails = new CompletionTokensDetails(
                choices.Sum(usage => usage.ThinkingTokenCount)),
        };
    }

    /// <summary>The usage of all choices together. They share one prompt, which counts once.</summary>
    public static UsageWire Of(IReadOnlyCollection<GenerationUsage> choices)
    {
        if (choices.Count == 0)
        {
            return Zero;
        }

        var prompt = choices.Max(usage => usage.PromptTokenCount);
        var completion = choices.Sum(usage => usage.CompletionTokenCount);
        return new UsageWire
        {
            PromptTokens = prompt,
            CompletionTokens = completion,
            TotalTokens = prompt + completion,
            // The other choices find what the first one computed; that is no saving.
            PromptTokensDetails = new PromptTokensDetails(choices.Min(usage => usage.CachedTokenCount)),
            CompletionTokensDetails = new CompletionTokensDetails(choices.Sum(usage => usage.ThinkingTokenCount)),
        };
    }
}

/// <summary>What is known about a prompt.</summary>
/// <param name="CachedTokens">Tokens that had been computed before.</param>
internal sealed record PromptTokensDetails(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int CachedTokens);

/// <summary>What is known about a completion.</summary>
/// <param name="ReasoningTokens">Tokens of the reasoning.</param>
internal sealed record CompletionTokensDetails(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int ReasoningTokens);
