using System.Runtime.InteropServices;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>
/// A KV cache that only counts and checks. Cells may be shared by sequences, unless each has a cache of its own.
/// </summary>
internal sealed class ScriptedCells
{
    // Tokens are smaller than this many bits say; what is above them in a saved state are the adapters.
    private const int AdapterShift = 20;

    private readonly int[][] _tokens;
    private readonly int[][] _positions;
    private readonly int[][] _cells;
    private readonly int[] _counts;
    private readonly int[] _adapters;
    private readonly int[] _owners;
    private readonly int[] _free;
    private readonly bool _unified;
    private readonly int _sequenceCellCount;

    // Sequences between which copies are put off to the next batch, as native code does.
    private readonly bool[] _pending;

    public ScriptedCells(int sequenceCount, int cellCount, bool unified)
    {
        _unified = unified;
        _sequenceCellCount = unified ? cellCount : cellCount / sequenceCount;
        _tokens = Make(sequenceCount, cellCount);
        _positions = Make(sequenceCount, cellCount);
        _cells = Make(sequenceCount, cellCount);
        _counts = new int[sequenceCount];
        _adapters = new int[sequenceCount];
        _pending = new bool[sequenceCount];
        _owners = new int[cellCount];
        _free = [.. Enumerable.Range(0, cellCount)];
        FreeCount = cellCount;
    }

    public int FreeCount { get; private set; }

    public int UsedCount => _owners.Length - FreeCount;

    public ReadOnlySpan<int> TokensOf(int sequence) => _tokens[sequence].AsSpan(0, _counts[sequence]);

    /// <summary>Adapters that the cells of a sequence were computed with.</summary>
    public int AdapterOf(int sequence) => _adapters[sequence];

    public void Append(int sequence, int position, int token, int adapterKey)
    {
        var count = _counts[sequence];
        Assert.True(count == 0 || _adapters[sequence] == adapterKey, "The cells have other adapters.");
        _adapters[sequence] = adapterKey;
        // Assert.Equal would box, and decoding must not allocate.
        Assert.True(position == (count == 0 ? 0 : _positions[sequence][count - 1] + 1));
        Assert.True(FreeCount > 0 && count < _sequenceCellCount);
        var cell = _free[--FreeCount];
        Assert.True(_owners[cell] == 0);
        _owners[cell] = 1;
        _tokens[sequence][count] = token;
        _positions[sequence][count] = position;
        _cells[sequence][count] = cell;
        _counts[sequence] = count + 1;
    }

    public void Remove(int sequence, int from, int to)
    {
        var kept = 0;
        for (var index = 0; index < _counts[sequence]; index++)
        {
            var position = _positions[sequence][index];
            if (position >= from && (to < 0 || position < to))
            {
                Release(_cells[sequence][index]);
                continue;
            }

            _tokens[sequence][kept] = _tokens[sequence][index];
            _positions[sequence][kept] = position;
            _cells[sequence][kept] = _cells[sequence][index];
            kept++;
        }

        _counts[sequence] = kept;
    }

    public void Share(int source, int destination, int count)
    {
        Assert.Equal(0, _counts[destination]);
        Assert.InRange(count, 0, _counts[source]);
        for (var index = 0; index < count; index++)
        {
            if (!_unified)
            {
                Append(destination, index, _tokens[source][index], _adapters[source]);
                continue;
            }

            Assert.Equal(index, _positions[source][index]);
            _tokens[destination][index] = _tokens[source][index];
            _positions[destination][index] = index;
            _cells[destination][index] = _cells[source][index];
            _owners[_cells[source][index]]++;
            _counts[destination] = index + 1;
        }

        _adapters[destination] = _adapters[source];
        _pending[source] = _pending[destination] = !_unified;
    }

    /// <summary>A batch is computed.</summary>
    public void FinishCopies() => Array.Clear(_pending);

    /// <summary>What a sequence holds; null while that is still to be copied.</summary>
    public byte[]? TrySave(int sequence)
    {
        var tokens = TokensOf(sequence).ToArray();
        if (tokens.Length > 0)
        {
            // What they were computed with is part of what they are.
            tokens[0] |= AdapterOf(sequence) << AdapterShift;
        }

        return _pending[sequence] ? null : MemoryMarshal.AsBytes<int>(tokens).ToArray();
    }

    /// <summary>Holds what was saved, unless there is no room or something is still to be copied.</summary>
    public bool TryLoad(int sequence, ReadOnlySpan<byte> state)
    {
        Remove(sequence, 0, -1);
        var tokens = MemoryMarshal.Cast<byte, int>(state);
        if (tokens.Length > FreeCount || _pending[sequence])
        {
            return false;
        }

        for (var position = 0; position < tokens.Length; position++)
        {
            Append(sequence, position, tokens[position] & ((1 << AdapterShift) - 1), tokens[0] >> AdapterShift);
        }

        return true;
    }

    public void Shift(int sequence, int from, int to, int distance)
    {
        for (var index = 0; index < _counts[sequence]; index++)
        {
            var position = _positions[sequence][index];
            if (position >= from && (to < 0 || position < to))
            {
                _positions[sequence][index] = position + distance;
            }
        }

        for (var index = 0; index < _counts[sequence]; index++)
        {
            Assert.Equal(index, _positions[sequence][index]);
        }
    }

    public void Clear()
    {
        for (var sequence = 0; sequence < _counts.Length; sequence++)
        {
            Remove(sequence, 0, -1);
        }

        Assert.Equal(_owners.Length, FreeCount);
    }

    private void Release(int cell)
    {
        _owners[cell]--;
        Assert.True(_owners[cell] >= 0);
        if (_owners[cell] == 0)
        {
            _free[FreeCount++] = cell;
        }
    }

    private static int[][] Make(int sequenceCount, int cellCount) =>
        [.. Enumerable.Range(0, sequenceCount).Select(_ => new int[cellCount])];
}
