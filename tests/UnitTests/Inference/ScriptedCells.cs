namespace Ollama.Platform.UnitTests.Inference;

/// <summary>A KV cache that only counts and checks. Cells may be shared by sequences.</summary>
internal sealed class ScriptedCells
{
    private readonly int[][] _tokens;
    private readonly int[][] _positions;
    private readonly int[][] _cells;
    private readonly int[] _counts;
    private readonly int[] _adapters;
    private readonly int[] _owners;
    private readonly int[] _free;

    public ScriptedCells(int sequenceCount, int cellCount)
    {
        _tokens = Make(sequenceCount, cellCount);
        _positions = Make(sequenceCount, cellCount);
        _cells = Make(sequenceCount, cellCount);
        _counts = new int[sequenceCount];
        _adapters = new int[sequenceCount];
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
        Assert.True(FreeCount > 0);
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

    public void Share(int source, int destination, int from, int to)
    {
        Assert.True(_counts[destination] == 0 || _adapters[destination] == _adapters[source]);
        _adapters[destination] = _adapters[source];
        for (var index = 0; index < _counts[source]; index++)
        {
            var position = _positions[source][index];
            if (position < from || (to >= 0 && position >= to))
            {
                continue;
            }

            var count = _counts[destination]++;
            Assert.Equal(count == 0 ? 0 : _positions[destination][count - 1] + 1, position);
            _tokens[destination][count] = _tokens[source][index];
            _positions[destination][count] = position;
            _cells[destination][count] = _cells[source][index];
            _owners[_cells[source][index]]++;
        }
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
