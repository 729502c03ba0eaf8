using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Proposes tokens for the sequences that want it, before a step is composed: what the step verifies costs less than a
/// step for each. A draft model proposes where there is one, otherwise what the sequence itself said before. Belongs to
/// the decode thread.
/// </summary>
internal sealed class DraftStep(Scheduler scheduler, SchedulerLimits limits, DraftModel? model)
{
    private readonly StepCosts _costs = new();

    /// <summary>Proposes for every slot.</summary>
    /// <param name="tokensMax">Entries of the batch at most.</param>
    public void Propose(int tokensMax)
    {
        var decodeCount = scheduler.DecodeCount;
        var room = scheduler.CountDraftRoom(tokensMax);
        var tokenSeconds = model?.EstimateToken(CountWanting()) ?? 0;
        foreach (var slot in scheduler.Running)
        {
            slot.DraftCount = 0;
            if (!Wants(slot))
            {
                continue;
            }

            var sequence = slot.Sequence!;
            var countMax = Math.Min(Math.Min(sequence.DraftTokensMax, CountRoom(slot)), room);
            var count = sequence.Drafts.Choose(countMax, decodeCount - 1, _costs, tokenSeconds);
            slot.DraftCount = count == 0 || model is not null
                ? count
                : PromptLookup.Propose(
                    sequence.Tokens.AsSpan(0, sequence.TokenCount), slot.DraftTokens.AsSpan(0, count));
            room -= slot.DraftCount;
        }

        model?.Propose(scheduler.Running);
    }

    /// <summary>Takes note of what a step without prompts took.</summary>
    public void Measure(int tokenCount, TimeSpan elapsed) => _costs.Measure(tokenCount, elapsed);

    private bool Wants(Slot slot) =>
        slot.Sequence!.DraftTokensMax > 0 && slot.State == SlotState.Decoding && slot.Ready && scheduler.IsInTurn(slot);

    private int CountWanting()
    {
        var count = 0;
        foreach (var slot in scheduler.Running)
        {
            count += Wants(slot) ? 1 : 0;
        }

        return count;
    }

    // One more than what is proposed is sampled, and the context must not be full before the step ends.
    private int CountRoom(Slot slot)
    {
        var sequence = slot.Sequence!;
        var left = Math.Min(sequence.Credit, sequence.CompletionTokensLeft);
        return (int)Math.Max(0, Math.Min(left - 1, limits.ContextTokens - sequence.TokenCount - 1));
    }
}
