using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Proposes tokens for the sequences that want it, before a step is composed: what the step verifies costs less than a
/// step for each. Belongs to the decode thread.
/// </summary>
internal sealed class DraftStep(Scheduler scheduler, SchedulerLimits limits)
{
    private readonly StepCosts _costs = new();

    /// <summary>Proposes for every slot.</summary>
    public void Propose()
    {
        var decodeCount = scheduler.DecodeCount;
        foreach (var slot in scheduler.Running)
        {
            slot.DraftCount = 0;
            var sequence = slot.Sequence!;
            if (sequence.DraftTokensMax == 0 || slot.State != SlotState.Decoding || !slot.Ready)
            {
                continue;
            }

            var countMax = Math.Min(sequence.DraftTokensMax, CountRoom(slot));
            var count = sequence.Drafts.Choose(countMax, decodeCount - 1, _costs);
            if (count > 0)
            {
                slot.DraftCount = PromptLookup.Propose(
                    sequence.Tokens.AsSpan(0, sequence.TokenCount), slot.DraftTokens.AsSpan(0, count));
            }
        }
    }

    /// <summary>Takes note of what a step without prompts took.</summary>
    public void Measure(int tokenCount, TimeSpan elapsed) => _costs.Measure(tokenCount, elapsed);

    // One more than what is proposed is sampled, and the context must not be full before the step ends.
    private int CountRoom(Slot slot)
    {
        var sequence = slot.Sequence!;
        var left = Math.Min(sequence.Credit, sequence.CompletionTokensLeft);
        return (int)Math.Max(0, Math.Min(left - 1, limits.ContextTokens - sequence.TokenCount - 1));
    }
}
