using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Puts a batch into the order that the library wants where each sequence has a cache of its own: by sequence, so that
/// those whose numbers follow each other are computed together (<see cref="SequenceGaps"/>). Belongs to the decode
/// thread; allocates nothing.
/// </summary>
/// <param name="context">What computes.</param>
/// <param name="canFill">Whether a token can be computed and taken back without a trace.</param>
/// <param name="onGpu">Whether a GPU computes.</param>
internal sealed class OrderedBatch(LlamaContext context, bool canFill, bool onGpu)
{
    private readonly int[] _counts = new int[context.SequenceCountMax];
    private readonly int[] _next = new int[context.SequenceCountMax];
    private readonly int[] _entries = new int[context.BatchTokensMax];
    private readonly int[] _places = new int[context.BatchTokensMax];
    private readonly int[] _fillers = new int[context.SequenceCountMax];
    private int _fillerCount;

    /// <summary>Copies a batch over, in order and with its gaps filled where that is worth it.</summary>
    public void Fill(EngineBatch batch, LlamaBatch native)
    {
        Sort(batch.Sequences);
        _fillerCount = 0;
        var (first, last) = (_counts.AsSpan().IndexOfAnyExcept(0), _counts.AsSpan().LastIndexOfAnyExcept(0));
        var fills = CanFill(first, last, native.TokensMax - batch.Count)
            && SequenceGaps.AreWorthFilling(_counts, onGpu);
        var place = 0;
        for (var sequence = first; sequence >= 0 && sequence <= last; sequence++)
        {
            for (var index = 0; index < _counts[sequence]; index++)
            {
                var entry = _entries[place++];
                _places[entry] = native.Add(
                    batch.Tokens[entry], batch.Positions[entry], sequence, batch.Outputs[entry]);
            }

            if (fills && _counts[sequence] == 0)
            {
                native.Add(0, context.FindLastPosition(sequence) + 1, sequence, output: false);
                _fillers[_fillerCount++] = sequence;
            }
        }
    }

    /// <summary>Where an entry of the batch is in the native one.</summary>
    public int PlaceOf(int entry) => _places[entry];

    /// <summary>Takes back what was computed to fill gaps.</summary>
    public void RemoveFillers()
    {
        foreach (var sequence in _fillers.AsSpan(0, _fillerCount))
        {
            context.RemoveCells(sequence, context.FindLastPosition(sequence), -1);
        }
    }

    // By counting: the entries of a sequence keep their order.
    private void Sort(ReadOnlySpan<int> sequences)
    {
        Array.Clear(_counts);
        foreach (var sequence in sequences)
        {
            _counts[sequence]++;
        }

        var before = 0;
        for (var sequence = 0; sequence < _counts.Length; sequence++)
        {
            _next[sequence] = before;
            before += _counts[sequence];
        }

        for (var entry = 0; entry < sequences.Length; entry++)
        {
            _entries[_next[sequences[entry]]++] = entry;
        }
    }

    private bool CanFill(int first, int last, int room)
    {
        var gaps = 0;
        for (var sequence = first; canFill && sequence >= 0 && sequence <= last; sequence++)
        {
            if (_counts[sequence] == 0)
            {
                gaps++;
                if (context.FindLastPosition(sequence) + 1 >= context.SequenceCellCount)
                {
                    return false;
                }
            }
        }

        return gaps > 0 && gaps <= room;
    }
}
