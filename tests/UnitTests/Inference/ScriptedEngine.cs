using System.Buffers;
using System.Text;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>
/// An engine without a model: logits follow from a seed and the tokens whose cells a sequence holds, so a sequence's
/// tokens never depend on who shares its batch. It checks every call as strictly as native code would, but throws where
/// that aborts the process. Decode allocates nothing.
/// </summary>
public sealed class ScriptedEngine : IEngine
{
    private readonly ScriptedEngineOptions _options;
    private readonly ScriptedCells _cells;
    private readonly float[] _logits;
    private readonly bool[] _hasLogits;
    private readonly float[][] _embeddings;
    private readonly byte[] _reply;
    private readonly int _endToken;
    private int _embeddedCount;
    private bool _embedded;
    private readonly Dictionary<long, IReadOnlyList<string>> _adapters = new() { [0] = [] };
    private long _adapterKey;
    private volatile bool _abortRequested;
    private bool _disposed;

    public ScriptedEngine(ScriptedEngineOptions? options = null)
    {
        _options = options ??= new ScriptedEngineOptions();
        var pieces = options.Pieces ?? BytePieces();
        var ends = new bool[pieces.Count];
        foreach (var token in options.EndTokens ?? [pieces.Count - 1])
        {
            ends[token] = true;
        }

        _endToken = Array.IndexOf(ends, true);
        _reply = Encoding.UTF8.GetBytes(options.Reply ?? "");
        Pieces = new PieceTable(pieces, ends);
        Description = Describe(options, pieces.Count);
        ScriptedDraft = options.Draft is null ? null : new ScriptedEngine(options.Draft);
        _cells = new ScriptedCells(
            options.SequenceCountMax, options.CellCount - options.MissingCellCount, options.CacheUnified);
        var entriesMax = Math.Max(options.BatchTokensMax, options.MicroBatchTokensMax);
        _logits = new float[entriesMax * pieces.Count];
        _hasLogits = new bool[entriesMax];
        _embeddings = new float[options.SequenceCountMax][];
    }

    public EngineDescription Description { get; }

    public PieceTable Pieces { get; }

    public IEngine? Draft => ScriptedDraft;

    /// <summary>The draft model, for assertions; null without one.</summary>
    public ScriptedEngine? ScriptedDraft { get; }

    /// <summary>Keys of the adapters that are loaded, without those of the load.</summary>
    public IReadOnlyList<long> AdapterKeys => [.. _adapters.Keys.Where(key => key != 0)];

    /// <summary>Changes from some adapters to others so far.</summary>
    public int AdapterChangeCount { get; private set; }

    /// <summary>Batches computed so far.</summary>
    public int DecodeCount { get; private set; }

    /// <summary>Tokens computed so far.</summary>
    public long DecodedTokenCount { get; private set; }

    /// <summary>Cells copied out so far.</summary>
    public long SavedCellCount { get; private set; }

    /// <summary>Number of inputs in each batch of embeddings.</summary>
    public List<int> EmbedBatchSizes { get; } = [];

    /// <summary>Cells in use.</summary>
    public int UsedCellCount => _cells.UsedCount;

    public bool Disposed => _disposed;

    /// <summary>Tokens whose cells a sequence holds.</summary>
    public int[] TokensOf(int sequence) => _cells.TokensOf(sequence).ToArray();

    public StepOutcome Decode(EngineBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(batch, _options.BatchTokensMax);
        Array.Clear(_hasLogits);
        if (_abortRequested)
        {
            _abortRequested = false;
            return StepOutcome.Aborted;
        }

        if (_options.Interfere?.Invoke(batch) is { } outcome and not StepOutcome.Decoded)
        {
            return outcome;
        }

        if (batch.Count > _cells.FreeCount)
        {
            return StepOutcome.KvCacheFull;
        }

        _cells.FinishCopies();
        DecodeCount++;
        DecodedTokenCount += batch.Count;
        for (var entry = 0; entry < batch.Count; entry++)
        {
            _cells.Append(batch.Sequences[entry], batch.Positions[entry], batch.Tokens[entry], (int)_adapterKey);
            if (batch.Outputs[entry])
            {
                _hasLogits[entry] = true;
                FillLogits(_cells.TokensOf(batch.Sequences[entry]), LogitsOf(entry));
            }
        }

        return StepOutcome.Decoded;
    }

    public Span<float> Logits(int batchIndex)
    {
        Assert.True(_hasLogits[batchIndex], "The entry was no output.");
        return LogitsOf(batchIndex);
    }

    /// <summary>A "bad" path does not fit, over a "broken" one it fails; any other takes a kilobyte.</summary>
    public AdapterBytes LoadAdapters(long key, IReadOnlyList<string> paths)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (paths.Any(path => path.Contains("bad", StringComparison.Ordinal)))
        {
            throw new EngineLoadException("the adapter is of another model");
        }

        if (paths.Contains("/broken"))
        {
            throw new InvalidOperationException("The engine failed.");
        }

        _adapters.Add(key, paths);
        return new AdapterBytes(1024 * paths.Count, 0);
    }

    public bool HasAdapters(long key) => _adapters.ContainsKey(key);

    public void DropAdapters(long key)
    {
        Assert.NotEqual(0, key);
        Assert.True(_adapters.Remove(key));
        _adapterKey = _adapterKey == key ? 0 : _adapterKey;
    }

    public void UseAdapters(long key)
    {
        // Assert.Contains would allocate.
        Assert.True(_adapters.ContainsKey(key), "Nobody loaded these adapters.");
        AdapterChangeCount += key == _adapterKey ? 0 : 1;
        _adapterKey = key;
    }

    public StepOutcome Embed(EngineBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(batch, _options.MicroBatchTokensMax);
        if (_options.Interfere?.Invoke(batch) is { } outcome and not StepOutcome.Decoded)
        {
            return outcome;
        }

        _cells.Clear();
        _embeddedCount = 0;
        _embedded = true;
        for (var entry = 0; entry < batch.Count; entry++)
        {
            var sequence = batch.Sequences[entry];
            Assert.True(sequence <= _embeddedCount, "Sequences of a batch are not consecutive.");
            _embeddedCount = Math.Max(_embeddedCount, sequence + 1);
            _cells.Append(sequence, batch.Positions[entry], batch.Tokens[entry], (int)_adapterKey);
        }

        for (var sequence = 0; sequence < _embeddedCount; sequence++)
        {
            _embeddings[sequence] = EmbeddingOf(_cells.TokensOf(sequence), _adapterKey);
        }

        EmbedBatchSizes.Add(_embeddedCount);
        return StepOutcome.Decoded;
    }

    public ReadOnlySpan<float> Embedding(int sequence)
    {
        Assert.InRange(sequence, 0, _embeddedCount - 1);
        return _embeddings[sequence];
    }

    /// <summary>How often memory of long inputs was given back.</summary>
    public int TrimCount { get; private set; }

    public void Trim()
    {
        TrimCount += _embedded ? 1 : 0;
        _embedded = false;
    }

    /// <summary>The vector that tokens have, whatever they are packed with.</summary>
    public float[] EmbeddingOf(ReadOnlySpan<int> tokens, long adapterKey = 0)
    {
        var vector = new float[_options.EmbeddingLength];
        var hash = HashOf(tokens, adapterKey);
        for (var index = 0; index < vector.Length; index++)
        {
            vector[index] = Mix(hash, index) / (float)uint.MaxValue;
        }

        return vector;
    }

    public bool CanContinueAt(int sequence, int cellCount) => true;

    public bool RemoveCells(int sequence, int from, int to)
    {
        var cutsEverything = from == 0 && (to < 0 || to >= _cells.TokensOf(sequence).Length);
        if (!_options.CanCut && !cutsEverything)
        {
            return false;
        }

        _cells.Remove(sequence, from, to);
        return true;
    }

    /// <summary>Cells that went from one sequence to another so far.</summary>
    public long CopiedCellCount { get; private set; }

    public void CopyCells(int source, int destination, int count)
    {
        CopiedCellCount += count;
        _cells.Share(source, destination, count);
    }

    public void ShiftCells(int sequence, int from, int to, int distance)
    {
        Assert.True(_options.CanShift, "This model cannot shift.");
        _cells.Shift(sequence, from, to, distance);
    }

    public long CountCellBytes(int sequence) => _cells.TokensOf(sequence).Length * sizeof(int);

    public IMemoryOwner<byte>? SaveCells(int sequence)
    {
        SavedCellCount += _cells.TokensOf(sequence).Length;
        return _cells.TrySave(sequence) is { } state ? new ArrayOwner(state) : null;
    }

    public bool LoadCells(int sequence, ReadOnlySpan<byte> state) => _cells.TryLoad(sequence, state);

    public void ClearCells() => _cells.Clear();

    public void Abort() => _abortRequested = true;

    public int[] Tokenize(string text, bool specialAdded, bool specialParsed) =>
        [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        List<byte> bytes = [];
        foreach (var token in tokens)
        {
            bytes.AddRange(Pieces[token]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    public void Dispose()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _disposed = true;
    }

    /// <summary>One token for each byte, then an end token.</summary>
    public static IReadOnlyList<byte[]> BytePieces() =>
        [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), []];

    private static EngineDescription Describe(ScriptedEngineOptions options, int vocabularySize) => new()
    {
        CellCount = options.CellCount,
        CacheUnified = options.CacheUnified,
        SequenceCountMax = options.SequenceCountMax,
        BatchTokensMax = options.BatchTokensMax,
        MicroBatchTokensMax = options.MicroBatchTokensMax,
        OutputCountMax = 32,
        VocabularySize = vocabularySize,
        EmbeddingLength = options.EmbeddingLength,
        ContextTokensTrained = options.CellCount / (options.CacheUnified ? 1 : options.SequenceCountMax),
        CanShift = options.CanShift,
        CanCut = options.CanCut,
        AddsBosToken = options.AddsBosToken,
        AddsEosToken = false,
        PackedTokensMax = options.PackedTokensMax,
        TotalBytes = 1024,
        VramBytes = 0,
    };

    private static void Check(EngineBatch batch, int tokensMax)
    {
        // Native code would abort the process.
        Assert.True(batch.Count > 0 && batch.Count <= tokensMax, "The batch is empty or too long.");
    }

    private Span<float> LogitsOf(int entry) => _logits.AsSpan(entry * Pieces.Count, Pieces.Count);

    private void FillLogits(ReadOnlySpan<int> history, Span<float> logits)
    {
        var hash = HashOf(history, _adapterKey);
        for (var token = 0; token < logits.Length; token++)
        {
            logits[token] = (Mix(hash, token) / (float)uint.MaxValue * 8f) - 4f;
        }

        var forced = _options.Script is null ? -1 : _options.Script(history.ToArray());
        if (forced == -2)
        {
            logits.Fill(float.NaN);
            return;
        }

        forced = forced < 0 && _options.Reply is not null ? ContinueReply(history) : forced;

        if (forced < 0)
        {
            logits[_endToken] = _options.EndEvery > 0 && hash % (uint)_options.EndEvery == 0
                ? 100f
                : float.NegativeInfinity;
        }
        else
        {
            logits[forced] = 100f;
        }
    }

    private int ContinueReply(ReadOnlySpan<int> history)
    {
        for (var length = Math.Min(_reply.Length, history.Length); length > 0; length--)
        {
            var matches = true;
            for (var index = 0; index < length && matches; index++)
            {
                matches = history[history.Length - length + index] == _reply[index];
            }

            if (matches)
            {
                return length == _reply.Length ? _endToken : _reply[length];
            }
        }

        return _reply.Length == 0 ? _endToken : _reply[0];
    }

    private uint HashOf(ReadOnlySpan<int> tokens, long adapterKey)
    {
        var hash = (uint)_options.Seed;
        foreach (var token in tokens)
        {
            hash = Mix(hash, token);
        }

        return adapterKey == 0 ? hash : Mix(hash, (int)adapterKey);
    }

    private static uint Mix(uint hash, int value)
    {
        var mixed = (hash ^ (uint)value) + 0x9E3779B9;
        mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35;
        return mixed ^ (mixed >> 16);
    }
}
