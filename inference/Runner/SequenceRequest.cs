using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>A prompt to continue.</summary>
public sealed record SequenceRequest
{
    /// <summary>Tokens that may be proposed in one step.</summary>
    public const int DraftCountMax = 16;

    /// <summary>Identifies the request in logs and frames; unique within the runner.</summary>
    public required long Id { get; init; }

    /// <summary>The prompt; at least one token and fewer than the context length.</summary>
    public required int[] PromptTokens { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Texts that end the completion and are not part of it.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>GBNF whose rule <c>root</c> the completion follows; null leaves it free.</summary>
    public string? Grammar { get; init; }

    /// <summary>
    /// Text after which the grammar begins, as reasoning ends before an answer does; null when it holds from the
    /// first token.
    /// </summary>
    public string? GrammarStart { get; init; }

    /// <summary>
    /// Text with which what precedes <see cref="GrammarStart"/> has to begin; a completion that begins otherwise
    /// follows the grammar at once. Null when the completion begins within that text.
    /// </summary>
    public string? GrammarPreface { get; init; }

    /// <summary>Tokens to produce at most; negative for no limit.</summary>
    public required int CompletionTokensMax { get; init; }

    /// <summary>
    /// Prompt tokens that a context shift keeps, besides a beginning token; negative for the whole prompt.
    /// </summary>
    public int KeepTokens { get; init; }

    /// <summary>Drops old tokens when the context is full; otherwise the sequence ends there.</summary>
    public bool Shift { get; init; } = true;

    /// <summary>Reports the log-probability of each token.</summary>
    public bool LogProbs { get; init; }

    /// <summary>Alternatives reported for each token, 0–20.</summary>
    public int TopLogProbCount { get; init; }

    /// <summary>
    /// From <see cref="RequestPriority.Min"/> to <see cref="RequestPriority.Max"/>; the higher goes first.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>Time from the submission after which nobody waits for it; null for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Tokens to propose and verify in one step at most, 0–<see cref="DraftCountMax"/>. The completion is
    /// the same; it comes faster where proposals are right.
    /// </summary>
    public int DraftTokensMax { get; init; }

    /// <summary>Adapters that the prompt is computed with; 0 for none.</summary>
    public long AdapterKey { get; init; }
}
