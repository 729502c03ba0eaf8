using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Inference.Runner;

/// <summary>What a sequence produced since the last chunk.</summary>
public sealed record SequenceChunk
{
    /// <summary>Whole characters that cannot become part of a stop sequence any more; may be empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>The tokens sampled, the end token excluded.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Log-probabilities of <see cref="Tokens"/>, when asked for.</summary>
    public IReadOnlyList<TokenLogProb> LogProbs { get; init; } = [];

    /// <summary>Why the sequence ended; last chunk only.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The stop sequence that ended it; last chunk only.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Counts and durations; last chunk only.</summary>
    public SequenceUsage? Usage { get; init; }
}

/// <summary>Counts and durations of a finished sequence.</summary>
public sealed record SequenceUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokenCount { get; init; }

    /// <summary>Prompt tokens that were in the prefix cache.</summary>
    public required int CachedTokenCount { get; init; }

    /// <summary>Tokens sampled, the end token included, as llama.cpp counts them.</summary>
    public required int CompletionTokenCount { get; init; }

    /// <summary>Tokens that were proposed, by a draft model or from the text.</summary>
    public int ProposedTokenCount { get; init; }

    /// <summary>Those of them that were right.</summary>
    public int AcceptedTokenCount { get; init; }

    /// <summary>From submission to the slot.</summary>
    public required TimeSpan QueueWait { get; init; }

    /// <summary>From the slot to the first token.</summary>
    public required TimeSpan PrefillDuration { get; init; }

    /// <summary>From the first token to the last.</summary>
    public required TimeSpan DecodeDuration { get; init; }
}
