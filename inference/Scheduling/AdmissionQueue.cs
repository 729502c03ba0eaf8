using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Sequences that wait for a slot, first come first served. Bounded; whoever submits counts. Belongs to the decode
/// thread.
/// </summary>
internal sealed class AdmissionQueue(int capacity)
{
    private readonly Sequence[] _waiting = new Sequence[capacity];

    /// <summary>Sequences that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The waiting sequence at a place, the first at 0.</summary>
    public Sequence this[int place] => _waiting[place];

    /// <summary>Appends a new sequence.</summary>
    public void Enqueue(Sequence sequence) => _waiting[Count++] = sequence;

    /// <summary>Puts a sequence that lost its slot before those that never had one.</summary>
    public void Requeue(Sequence sequence)
    {
        // Sequences are preempted youngest first, so each goes before all that wait, but for older ones that were
        // parked: their submission decides.
        var place = 0;
        while (place < Count && _waiting[place].Ticket < sequence.Ticket)
        {
            place++;
        }

        Array.Copy(_waiting, place, _waiting, place + 1, Count - place);
        _waiting[place] = sequence;
        Count++;
    }

    /// <summary>Takes the sequence at a place out.</summary>
    public Sequence RemoveAt(int place)
    {
        var sequence = _waiting[place];
        Count--;
        Array.Copy(_waiting, place + 1, _waiting, place, Count - place);
        _waiting[Count] = null!;
        return sequence;
    }

    /// <summary>Place of the first sequence that can run; −1 when all wait for their readers.</summary>
    public int FindReady()
    {
        for (var place = 0; place < Count; place++)
        {
            var sequence = _waiting[place];
            // Half the credit, or a reader that takes one token at a time would have the prompt computed for each.
            if (!sequence.Parked || sequence.Credit >= (sequence.CreditTokens + 1) / 2)
            {
                return place;
            }
        }

        return -1;
    }
}
