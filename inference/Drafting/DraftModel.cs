using System.Numerics.Tensors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Proposes what a smaller model would say. It follows the sequences by itself: what its cells belong to is compared
/// with what a sequence holds now, so that whatever happened meanwhile (another sequence in the slot, a shift, tokens
/// that were no proposals) costs only what is new. Belongs to the decode thread; allocates nothing for a token.
/// </summary>
internal sealed class DraftModel
{
    private readonly IEngine _engine;
    private readonly TimeProvider _time;
    private readonly DraftCells _cells;
    private readonly EngineBatch _batch;
    private readonly int[] _outputs;
    private readonly StepCosts _costs = new();
    private readonly PrefillPace _pace;
    private readonly int _positionsMax;
    private readonly int _vocabularySize;
    private bool _failed;

    private DraftModel(IEngine engine, int vocabularySize, SchedulerLimits limits, TimeProvider time)
    {
        _engine = engine;
        _time = time;
        _cells = new DraftCells(engine, limits);
        _batch = new EngineBatch(engine.Description.BatchTokensMax);
        _pace = new PrefillPace(limits.TokenDelayMax, engine.Description.BatchTokensMax);
        _outputs = new int[limits.SlotCount];
        // What lies beyond is noise, and a table of positions may end there.
        var trained = engine.Description.ContextTokensTrained;
        _positionsMax = Math.Min(trained > 0 ? trained : int.MaxValue, limits.ContextTokens);
        _vocabularySize = Math.Min(vocabularySize, engine.Description.VocabularySize);
    }

    /// <summary>What proposes for a model; null when it has nothing that could.</summary>
    /// <param name="target">The model.</param>
    /// <param name="limits">Sizes of the loop.</param>
    /// <param name="time">Measures what a round takes.</param>
    public static DraftModel? Of(IEngine target, SchedulerLimits limits, TimeProvider time) =>
        target.Draft is { Description: { CanCut: true } draft } engine && target.Description.CanCut
        && draft.SequenceCountMax >= limits.SlotCount && draft.BatchTokensMax >= limits.SlotCount
            ? new DraftModel(engine, target.Description.VocabularySize, limits, time)
            : null;

    /// <summary>
    /// Seconds that a token costs when it is proposed for so many sequences at a time; 0 before that was measured.
    /// </summary>
    public double EstimateToken(int sequenceCount) => _costs.Estimate(sequenceCount) / Math.Max(sequenceCount, 1);

    /// <summary>
    /// Proposes for the slots that want it, as many tokens as they want or fewer; a slot whose text is long and new
    /// gets none until the smaller model has read it, some at each step, so that running streams keep their pace.
    /// </summary>
    /// <param name="slots">
    /// The slots that run; <see cref="Slot.DraftCount"/> says what they want, and then what they got.
    /// </param>
    public void Propose(ReadOnlySpan<Slot> slots)
    {
        var round = 0;
        for (var any = ReadLatest(slots); any && TryCompute(slots, round); any = ReadProposed(slots, round))
        {
            TakeTokens(slots, round++);
        }

        foreach (var slot in slots)
        {
            slot.DraftCount = Math.Min(slot.DraftCount, round);
        }
    }

    // Composes what the sequences have that the smaller model has not read.
    private bool ReadLatest(ReadOnlySpan<Slot> slots)
    {
        _batch.Clear();
        if (!Follow(slots))
        {
            return false;
        }

        // Two each is what a sequence has that was followed so far.
        var room = Math.Min(Math.Max(_pace.TokensMax(decodeCount: 1), 2 * slots.Length), _batch.Room);
        foreach (var slot in slots)
        {
            if (slot.DraftCount == 0)
            {
                continue;
            }

            var fresh = slot.Tokens.AsSpan(0, slot.CellCount + 1)[_cells.Count(slot.Index)..];
            var count = Math.Min(fresh.Length, room - _batch.Count);
            if (fresh.ContainsAnyExceptInRange(0, _vocabularySize - 1))
            {
                slot.DraftCount = 0;
                continue;
            }

            Append(slot, fresh[..count], isLast: count == fresh.Length);
        }

        return _batch.Count > 0;
    }

    // Before anything is composed: what is only about to be computed serves nobody yet.
    private bool Follow(ReadOnlySpan<Slot> slots)
    {
        var any = false;
        foreach (var slot in slots)
        {
            if (_failed || slot.CellCount + 1 + slot.DraftCount > _positionsMax)
            {
                slot.DraftCount = 0;
            }

            if (slot.DraftCount > 0)
            {
                _cells.Follow(slot.Index, slot.Tokens.AsSpan(0, slot.CellCount + 1));
                any = true;
            }
        }

        if (any)
        {
            _cells.DropSurplus(slots);
        }

        return any;
    }

    // Composes the latest proposals of those who want more.
    private bool ReadProposed(ReadOnlySpan<Slot> slots, int round)
    {
        _batch.Clear();
        foreach (var slot in slots)
        {
            if (slot.DraftCount > round)
            {
                Append(slot, slot.DraftTokens.AsSpan(round - 1, 1), isLast: true);
            }
        }

        return _batch.Count > 0;
    }

    private void Append(Slot slot, ReadOnlySpan<int> tokens, bool isLast)
    {
        for (var index = 0; index < tokens.Length; index++)
        {
            var position = _cells.Append(slot.Index, tokens[index]);
            _outputs[slot.Index] = _batch.Add(
                tokens[index], position, slot.Index, output: isLast && index == tokens.Length - 1);
        }

        slot.DraftCount = isLast ? slot.DraftCount : 0;
    }

    private bool TryCompute(ReadOnlySpan<Slot> slots, int round)
    {
        var started = _time.GetTimestamp();
        var outcome = _engine.Decode(_batch);
        if (outcome == StepOutcome.Decoded)
        {
            var elapsed = _time.GetElapsedTime(started);
            _costs.Measure(_batch.Count, elapsed);
            _pace.Measure(round > 0 ? _batch.Count : 0, round > 0 ? 0 : _batch.Count, elapsed);
            return true;
        }

        // Nobody waits for a proposal: whoever found no room reads again once there is some.
        _cells.Undo(_batch);
        if (outcome == StepOutcome.KvCacheFull && _cells.Drop(slots))
        {
            return false;
        }

        _failed |= outcome == StepOutcome.Failed;
        if (!_failed)
        {
            _cells.Clear();
        }

        foreach (var slot in slots)
        {
            slot.Sequence!.Drafts.Rest();
        }

        return false;
    }

    private void TakeTokens(ReadOnlySpan<Slot> slots, int round)
    {
        foreach (var slot in slots)
        {
            if (slot.DraftCount <= round)
            {
                continue;
            }

            var logits = _engine.Logits(_outputs[slot.Index])[.._vocabularySize];
            var token = TensorPrimitives.IndexOfMax<float>(logits);
            if (!(logits[token] > float.NegativeInfinity))
            {
                slot.DraftCount = round;
                continue;
            }

            slot.DraftTokens[round] = token;
            // Nothing follows the end of a text.
            slot.DraftCount = _engine.Pieces.IsEnd(token) ? round + 1 : slot.DraftCount;
        }
    }
}
