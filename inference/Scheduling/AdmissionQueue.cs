using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Sequences that wait for a slot, in the order of their submission within a priority; one that lost its slot comes
/// back to its old place. Bounded; whoever submits counts. Belongs to the decode thread.
/// </summary>
internal sealed class AdmissionQueue(int capacity)
{
    private readonly Sequence[] _waiting = new Sequence[capacity];

    /// <summary>Sequences that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The waiting sequence at a place, the first at 0.</summary>
    public Sequence this[int place] => _waiting[place];

    /// <summary>Adds a sequence at the place that its submission and its priority give it.</summary>
    public void Enqueue(Sequence sequence)
    {
        var place = Count;
        while (place > 0 && sequence.ComesBefore(_waiting[place - 1]))
        {
            place--;
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

    /// <summary>Whether a sequence that waits has these adapters.</summary>
    public bool Uses(long adapterKey)
    {
        for (var place = 0; place < Count; place++)
        {
            if (_waiting[place].AdapterKey == adapterKey)
            {
                return true;
            }
        }

        return false;
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
