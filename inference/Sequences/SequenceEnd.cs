using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Inference.Sequences;

/// <summary>How a sequence ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="StopMatched">The text that is held is a stop sequence and what follows it.</param>
/// <param name="Detail">What failed, for <see cref="FinishReason.Error"/>.</param>
/// <param name="RunnerEnded">What failed ended the runner, and this sequence with it.</param>
/// <param name="Expired">Its deadline had passed.</param>
internal readonly record struct SequenceEnd(
    FinishReason Reason,
    bool StopMatched = false,
    string? Detail = null,
    bool RunnerEnded = false,
    bool Expired = false);
