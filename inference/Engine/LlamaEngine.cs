using System.Buffers;
using System.Diagnostics;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// One model with one context. The decode thread owns it; tokenizing and <see cref="Abort"/> may happen on any thread.
/// Nothing on the path of a step allocates.
/// </summary>
internal sealed class LlamaEngine : IEngine
{
    // Outputs of a packed batch on a CPU: enough for its matrix products to be at their best, within these bounds.
    private const long OutputBytesMax = 64 * 1024 * 1024;
    private const int PackedTokensMin = 128;
    private const int PackedTokensMax = 256;

    private readonly LlamaModel _model;
    private readonly LlamaContextOptions? _sizes;
    // By key; none at 0.
    private readonly Dictionary<long, LlamaAdapterSet> _adapters = new() { [0] = LlamaAdapterSet.None };
    private readonly LlamaBatch _batch;

    // Null where all sequences share a cache: their order does not matter then.
    private readonly OrderedBatch? _order;
    private readonly bool _embedding;
    private readonly GovernedThreads? _threads;
    private readonly LlamaEngine? _draft;

    // Held by whoever aborts, and while the context is replaced by another.
    private readonly Lock _replacing = new();
    private LlamaContext _context;
    private int _longestBatch;
    private int _threadCount;
    private long _adapterKey;

    /// <summary>Takes over what the loader made.</summary>
    public LlamaEngine(LlamaEngineParts parts)
    {
        var (model, context) = (parts.Model, parts.Context);
        _threads = parts.Threads;
        _threadCount = context.ThreadCount;
        _model = model;
        _context = context;
        _sizes = parts.Sizes;
        _embedding = parts.Embedding;
        _draft = parts.Draft;
        _batch = new LlamaBatch(context.BatchTokensMax);
        Pieces = parts.Pieces;
        var memory = model.Memory + context.Memory;
        var packedTokensMax = CountPackedTokens(memory.GpuBytes > 0);
        memory += new MemoryUse(CountOutputBytes(packedTokensMax), 0);
        Description = new EngineDescription
        {
            CellCount = context.CellCount,
            CacheUnified = context.IsUnified,
            SequenceCountMax = context.SequenceCountMax,
            BatchTokensMax = context.BatchTokensMax,
            MicroBatchTokensMax = context.MicroBatchTokensMax,
            OutputCountMax = context.OutputCountMax,
            VocabularySize = model.Vocabulary.Size,
            EmbeddingLength = context.Pooling == LlamaPooling.Rank ? model.ClassCount : model.EmbeddingLength,
            ContextTokensTrained = model.ContextTokensTrained,
            CanShift = context.CanShift && !model.HasRecurrentState,
            CanCut = !model.HasRecurrentState,
            WindowTokens = model.WindowTokens,
            AddsBosToken = model.Vocabulary.AddsBos,
            AddsEosToken = model.Vocabulary.AddsEos || model.Vocabulary.AddsSeparator,
            PairMarks = ReadMarks(model.Vocabulary),
            PackedTokensMax = packedTokensMax,
            DraftRefusal = parts.DraftRefusal,
            TotalBytes = memory.TotalBytes + (_draft?.Description.TotalBytes ?? 0),
            VramBytes = memory.GpuBytes + (_draft?.Description.VramBytes ?? 0),
        };
        _order = context.IsUnified
            ? null
            : new OrderedBatch(context, Description is { CanCut: true, WindowTokens: 0 }, memory.GpuBytes > 0);
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <inheritdoc/>
    public PieceTable Pieces { get; }

    /// <inheritdoc/>
    public IEngine? Draft => _draft;

    /// <inheritdoc/>
    public StepOutcome Decode(EngineBatch batch)
    {
        if (_embedding)
        {
            throw new InvalidOperationException("The model was loaded for embeddings.");
        }

        return Compute(batch);
    }

    /// <inheritdoc/>
    public Span<float> Logits(int batchIndex) => _context.ReadLogits(_order?.PlaceOf(batchIndex) ?? batchIndex);

    /// <inheritdoc/>
    public AdapterBytes LoadAdapters(long key, IReadOnlyList<string> paths)
    {
        if (_adapters.ContainsKey(key))
        {
            throw new ArgumentException($"Adapters are loaded under {key}.", nameof(key));
        }

        try
        {
            var set = LlamaAdapterSet.Load(_model, paths);
            _adapters.Add(key, set);
            return new AdapterBytes(set.Memory.TotalBytes, set.Memory.GpuBytes);
        }
        catch (LlamaLoadException failure)
        {
            throw new EngineLoadException(failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public bool HasAdapters(long key) => _adapters.ContainsKey(key);

    /// <inheritdoc/>
    public void DropAdapters(long key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key);
        if (_adapterKey == key)
        {
            UseAdapters(0);
        }

        if (_adapters.Remove(key, out var set))
        {
            set.Dispose();
        }
    }

    /// <inheritdoc/>
    public void UseAdapters(long key)
    {
        if (key != _adapterKey)
        {
            _context.SetAdapters(_adapters[key]);
            _adapterKey = key;
        }
    }

    /// <inheritdoc/>
    public StepOutcome Embed(EngineBatch batch)
    {
        if (!_embedding)
        {
            throw new InvalidOperationException("The model was loaded to generate.");
        }

        // Each text is complete in its batch, so nothing of the batch before is wanted.
        _context.ClearCells();
        _longestBatch = Math.Max(_longestBatch, batch.Count);
        return Compute(batch);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Embedding(int sequence)
    {
        var vector = _context.ReadEmbedding(sequence);
        return !vector.IsEmpty
            ? vector
            : throw new ArgumentException($"Sequence {sequence} was not in the last batch.", nameof(sequence));
    }

    /// <inheritdoc/>
    public void Trim()
    {
        if (_sizes is null || _longestBatch <= Description.PackedTokensMax)
        {
            return;
        }

        _longestBatch = 0;
        LlamaContext fresh;
        try
        {
            // The library's buffers only grow; those of a new context are small again.
            fresh = LlamaContext.Create(_model, _sizes);
        }
        catch (LlamaLoadException)
        {
            // What is there goes on working.
            return;
        }

        LlamaContext old;
        lock (_replacing)
        {
            (old, _context) = (_context, fresh);
        }

        _threadCount = fresh.ThreadCount;
        old.Dispose();
        if (_adapterKey != 0)
        {
            fresh.SetAdapters(_adapters[_adapterKey]);
        }
    }

    /// <inheritdoc/>
    public bool CanContinueAt(int sequence, int cellCount) => Description.WindowTokens == 0
        || _context.FindLastPosition(sequence) < cellCount
        || _context.FindFirstPosition(sequence) <= Math.Max(0, cellCount - Description.WindowTokens + 1);

    /// <inheritdoc/>
    public bool RemoveCells(int sequence, int from, int to) =>
        (from == 0 || to >= 0 || CanContinueAt(sequence, from)) && _context.RemoveCells(sequence, from, to);

    /// <inheritdoc/>
    public void CopyCells(int source, int destination, int count) =>
        _context.CopyCells(source, destination, count);

    /// <inheritdoc/>
    public void ShiftCells(int sequence, int from, int to, int distance) =>
        _context.ShiftCells(sequence, from, to, distance);

    /// <inheritdoc/>
    public long CountCellBytes(int sequence) =>
        _context.FindLastPosition(sequence) < 0 ? 0 : _context.CountSequenceBytes(sequence);

    /// <inheritdoc/>
    public IMemoryOwner<byte>? SaveCells(int sequence) => _context.SaveSequence(sequence);

    /// <inheritdoc/>
    public bool LoadCells(int sequence, ReadOnlySpan<byte> state)
    {
        _context.RemoveCells(sequence, 0, -1);
        if (_context.LoadSequence(sequence, state))
        {
            return true;
        }

        _context.RemoveCells(sequence, 0, -1);
        return false;
    }

    /// <inheritdoc/>
    public void ClearCells() => _context.ClearCells();

    /// <inheritdoc/>
    public void Abort()
    {
        lock (_replacing)
        {
            _context.Abort();
        }

        _draft?.Abort();
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool specialAdded, bool specialParsed) =>
        _model.Vocabulary.Tokenize(text, specialAdded, specialParsed);

    /// <inheritdoc/>
    public string Detokenize(ReadOnlySpan<int> tokens) => _model.Vocabulary.Detokenize(tokens, special: true);

    /// <summary>Frees the draft model, then context, adapters and weights, in this order.</summary>
    public void Dispose()
    {
        _draft?.Dispose();
        _threads?.Dispose();
        _context.Dispose();
        foreach (var set in _adapters.Values)
        {
            set.Dispose();
        }

        _model.Dispose();
    }

    private StepOutcome Compute(EngineBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count > _batch.TokensMax)
        {
            throw new ArgumentException($"The batch has {batch.Count} tokens; {_batch.TokensMax} fit.", nameof(batch));
        }

        Fill(batch);
        FollowThreadCount();
        _threads?.BeginStep();
        try
        {
            var outcome = _context.Decode(_batch);
            if (outcome == LlamaStepOutcome.Computed)
            {
                _order?.RemoveFillers();
            }

            return outcome switch
            {
                LlamaStepOutcome.Computed => StepOutcome.Decoded,
                LlamaStepOutcome.CacheFull => StepOutcome.KvCacheFull,
                LlamaStepOutcome.Aborted => StepOutcome.Aborted,
                LlamaStepOutcome.Failed => StepOutcome.Failed,
                _ => throw new UnreachableException(),
            };
        }
        finally
        {
            _threads?.EndStep();
        }
    }

    private void Fill(EngineBatch batch)
    {
        _batch.Clear();
        if (_order is not null)
        {
            _order.Fill(batch, _batch);
            return;
        }

        var tokens = batch.Tokens;
        var positions = batch.Positions;
        var sequences = batch.Sequences;
        var outputs = batch.Outputs;
        for (var entry = 0; entry < tokens.Length; entry++)
        {
            // The library wants every entry of an embedding marked.
            _batch.Add(tokens[entry], positions[entry], sequences[entry], outputs[entry] || _embedding);
        }
    }

    private void FollowThreadCount()
    {
        if (_threads is null)
        {
            return;
        }

        // Of a number governed for two, the smaller model takes no more than it has use for.
        if (Math.Min(_threads.Count, _context.ThreadCount) is var count && count != _threadCount)
        {
            _threadCount = count;
            _context.SetThreadCount(count);
        }
    }

    // The library keeps a row of logits for every token of a batch, also where nobody reads them. A GPU needs large
    // batches; what they take there is memory of the host.
    private int CountPackedTokens(bool onGpu)
    {
        var tokens = Math.Clamp(OutputBytesMax / OutputRowBytes, PackedTokensMin, PackedTokensMax);
        return !_embedding || onGpu
            ? _context.MicroBatchTokensMax
            : (int)Math.Min(_context.MicroBatchTokensMax, tokens);
    }

    // The library's buffer for outputs grows with the batches it meets: a row of logits and, for embeddings, a vector
    // for each output. Only its first, small size is logged; this is what it may still grow by.
    private long CountOutputBytes(int packedTokensMax) =>
        OutputRowBytes * Math.Max(0, Math.Min(packedTokensMax, _context.OutputCountMax) - _context.SequenceCountMax);

    private long OutputRowBytes =>
        (long)(_model.Vocabulary.Size + (_embedding ? _model.EmbeddingLength : 0)) * sizeof(float);

    // As llama-server puts a query and a document together, so that scores are the same.
    private static PairMarks ReadMarks(LlamaVocabulary vocabulary)
    {
        int[] begin = vocabulary is { AddsBos: true, Bos: { } bos } ? [bos] : [];
        int[] end = vocabulary.AddsEos && (vocabulary.Eos ?? vocabulary.Separator) is { } eos ? [eos] : [];
        int[] between = vocabulary is { AddsSeparator: true, Separator: { } separator } ? [.. end, separator] : end;
        return new PairMarks(begin, between, end);
    }
}
