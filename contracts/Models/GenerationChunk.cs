namespace Ollama.Platform.Contracts.Models;

/// <summary>One unit of a response stream above tokens.</summary>
public sealed record GenerationChunk
{
    /// <summary>New answer text; may be empty.</summary>
    public string Content { get; init; } = "";

    /// <summary>New reasoning text; null when none.</summary>
    public string? Thinking { get; init; }

    /// <summary>Calls that became complete with this chunk.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>
    /// What calls grew by, when asked for; each call follows once more in <see cref="ToolCalls"/> when it is complete.
    /// </summary>
    public IReadOnlyList<ToolCallPiece> CallPieces { get; init; } = [];

    /// <summary>Log-probabilities of the tokens behind this chunk, when asked for.</summary>
    public IReadOnlyList<TokenLogProb> LogProbs { get; init; } = [];

    /// <summary>Why the sequence ended; set on the last chunk only.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The stop sequence that ended the completion and is not part of it; last chunk only.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Counts and durations; set on the last chunk only.</summary>
    public GenerationUsage? Usage { get; init; }

    /// <summary>
    /// Prompt and completion tokens, to send back as context; last chunk of a completion that was not raw.
    /// </summary>
    public IReadOnlyList<int>? Context { get; init; }
}
