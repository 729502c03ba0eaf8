namespace Ollama.Platform.Contracts.Models;

/// <summary>What a request cost: tokens and the parts of its duration.</summary>
public sealed record GenerationUsage
{
    /// <summary>Tokens of the prompt, those found in the prefix cache included.</summary>
    public int PromptTokenCount { get; init; }

    /// <summary>Prompt tokens that the prefix cache already held.</summary>
    public int CachedTokenCount { get; init; }

    /// <summary>Tokens produced.</summary>
    public int CompletionTokenCount { get; init; }

    /// <summary>Tokens produced before the answer began: those of the reasoning and its marks.</summary>
    public int ThinkingTokenCount { get; init; }

    /// <summary>Tokens that were proposed for it, by a draft model or from the text.</summary>
    public int ProposedTokenCount { get; init; }

    /// <summary>Those of them that were right.</summary>
    public int AcceptedTokenCount { get; init; }

    /// <summary>From the request's arrival to its last token.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Waiting for the model to be loaded; close to zero when it was.</summary>
    public TimeSpan LoadDuration { get; init; }

    /// <summary>Waiting for a slot after the model was loaded.</summary>
    public TimeSpan QueueWait { get; init; }

    /// <summary>Computing the prompt.</summary>
    public TimeSpan PrefillDuration { get; init; }

    /// <summary>Producing the completion.</summary>
    public TimeSpan DecodeDuration { get; init; }
}
