using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>A place in the decode loop; its index is the engine's sequence. Belongs to the decode thread.</summary>
internal sealed class Slot(int index)
{
    /// <summary>Index among the slots and id of the engine's sequence.</summary>
    public int Index { get; } = index;

    /// <summary>What it is doing.</summary>
    public SlotState State { get; private set; }

    /// <summary>The sequence that occupies it; null when idle.</summary>
    public Sequence? Sequence { get; private set; }

    /// <summary>Tokens whose cells it holds; the first <see cref="CellCount"/> of them.</summary>
    public int[] Tokens { get; private set; } = [];

    /// <summary>Adapters that its cells were computed with.</summary>
    public long AdapterKey { get; private set; }

    /// <summary>Cells that it holds: positions 0 … this − 1.</summary>
    public int CellCount { get; set; }

    /// <summary>When it became idle, as a number that only grows.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Tokens of it in the batch that is being composed or computed.</summary>
    public int BatchTokens { get; set; }

    /// <summary>
    /// Entry of the batch whose logits belong to it, those of proposed tokens behind it; −1 for none.
    /// </summary>
    public int OutputIndex { get; set; } = -1;

    /// <summary>Tokens proposed to follow the last one; the first <see cref="DraftCount"/> of them.</summary>
    public int[] DraftTokens { get; } = new int[SequenceRequest.DraftCountMax];

    /// <summary>Tokens proposed for the batch that is being composed or computed.</summary>
    public int DraftCount { get; set; }

    /// <summary>Number of the last turn that its adapters had, or of the one in which it got its sequence.</summary>
    public long Turn { get; set; }

    /// <summary>Another slot is computing the cells that it needs next; it takes them then.</summary>
    public bool Waits { get; set; }

    /// <summary>RAM has no room for its idle cells.</summary>
    public bool Stays { get; set; }

    /// <summary>Tokens that wait to be computed; 1 when decoding.</summary>
    public int PendingTokens => Sequence is null ? 0 : Sequence.TokenCount - CellCount;

    /// <summary>First cells that may serve another sequence.</summary>
    public int ReusableCellCount =>
        Sequence is null ? CellCount : Math.Min(CellCount, Sequence.ReusableTokensMax);

    /// <summary>Tokens whose cells it holds or will hold, as far as they may serve another sequence.</summary>
    public ReadOnlySpan<int> KnownTokens => Sequence is null
        ? Tokens.AsSpan(0, CellCount)
        : Tokens.AsSpan(0, Math.Min(Sequence.TokenCount, Sequence.ReusableTokensMax));

    /// <summary>Whether its reader lets it go on: a sequence without credit waits for its reader.</summary>
    public bool Ready => Sequence is not null && Sequence.Credit > 0;

    /// <summary>Whether a step could compute something of it.</summary>
    public bool HasWork => Ready && !(State == SlotState.Prefilling && Waits);

    /// <summary>Gives the slot to a sequence; the cells of its first tokens stay.</summary>
    public void Occupy(Sequence sequence)
    {
        Sequence = sequence;
        Tokens = sequence.Tokens;
        AdapterKey = sequence.AdapterKey;
        State = SlotState.Prefilling;
        Stays = false;
    }

    /// <summary>The last token is computed and the next one can be sampled.</summary>
    public void BeginDecoding() => State = SlotState.Decoding;

    /// <summary>Cells of it were given up: they are computed again before the next token can be sampled.</summary>
    public void BeginPrefill() => State = SlotState.Prefilling;

    /// <summary>Takes the sequence away; the cells stay for another one.</summary>
    public void Vacate(long idleSince)
    {
        Sequence = null;
        State = SlotState.Idle;
        IdleSince = idleSince;
        BatchTokens = 0;
        OutputIndex = -1;
        DraftCount = 0;
        Waits = false;
    }
}
