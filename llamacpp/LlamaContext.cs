using System.Buffers;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// A KV cache and the buffers to compute with. One thread at a time uses it; only <see cref="Abort"/> may be called
/// from any. Arguments are checked here, since the library ends the process when one breaks its assumptions.
/// </summary>
public sealed class LlamaContext : IDisposable
{
    private readonly LlamaContextHandle _handle;
    private readonly LlamaModel _model;
    private readonly BatchChecker _checker;
    private readonly AbortFlag _abort;
    private readonly nint _memory;
    private readonly bool _embeddings;
    private readonly PendingCopies _copies;
    private LlamaBatch? _lastBatch;

    private LlamaContext(LlamaContextHandle handle, LlamaModel model, LlamaContextOptions options, AbortFlag abort)
    {
        _handle = handle;
        _model = model;
        _abort = abort;
        _embeddings = options.Embeddings;
        _memory = NativeContext.llama_get_memory(handle);
        // The library rounds and clamps what it was asked for.
        CellCount = (int)NativeContext.llama_n_ctx(handle);
        BatchTokensMax = (int)NativeContext.llama_n_batch(handle);
        MicroBatchTokensMax = (int)NativeContext.llama_n_ubatch(handle);
        SequenceCellCount = (int)NativeContext.llama_n_ctx_seq(handle);
        ThreadCount = options.ThreadCount;
        SequenceCountMax = (int)NativeContext.llama_n_seq_max(handle);
        IsUnified = options.CacheUnified || SequenceCountMax == 1;
        _copies = new PendingCopies(SequenceCountMax);
        Pooling = NativeContext.llama_pooling_type(handle);
        OutputCountMax = _embeddings ? BatchTokensMax : Math.Min(options.OutputCount, BatchTokensMax);

        // The library says that it can for every type, and ends the process at the first shift of this one.
        CanShift = _memory != 0 && options.CacheType != LlamaCacheType.BF16
            && NativeContext.llama_memory_can_shift(_memory) != 0;
        _checker = new BatchChecker(
            model.Vocabulary.Size,
            SequenceCountMax,
            _embeddings || !model.IsCausal ? MicroBatchTokensMax : BatchTokensMax,
            OutputCountMax,
            model.PositionsMax);
    }

    /// <summary>Cells of the KV cache, of all sequences together.</summary>
    public int CellCount { get; }

    /// <summary>Cells that one sequence may hold.</summary>
    public int SequenceCellCount { get; }

    /// <summary>One cache for all sequences; otherwise each has its own.</summary>
    public bool IsUnified { get; }

    /// <summary>Tokens of one call at most.</summary>
    public int BatchTokensMax { get; }

    /// <summary>Tokens computed together at most.</summary>
    public int MicroBatchTokensMax { get; }

    /// <summary>Number of sequence ids.</summary>
    public int SequenceCountMax { get; }

    /// <summary>Entries of a batch that may be marked as output.</summary>
    public int OutputCountMax { get; }

    /// <summary>Threads that compute, at most.</summary>
    public int ThreadCount { get; }

    /// <summary>How vectors are pooled.</summary>
    public LlamaPooling Pooling { get; }

    /// <summary>False for an encoder, which keeps nothing between calls.</summary>
    public bool HasCache => _memory != 0;

    /// <summary>Positions of cached tokens can be moved.</summary>
    public bool CanShift { get; }

    /// <summary>Bytes of the cache and the buffers, by where they lie.</summary>
    public MemoryUse Memory { get; private init; }

    internal LlamaContextHandle Handle => _handle;

    /// <summary>Makes a context.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="options">The sizes.</param>
    /// <param name="lender">
    /// A context whose worker threads this one uses too, where it has enough; the two must never compute at a time.
    /// Two pools would spin against each other. Null for workers of its own.
    /// </param>
    /// <exception cref="LlamaLoadException">The library refused; the message has its reason.</exception>
    public static LlamaContext Create(LlamaModel model, LlamaContextOptions options, LlamaContext? lender = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var sizes = ContextSizes.Check(options);
        var abort = new AbortFlag();
        using var log = new LlamaLogCapture();
        var handle = ContextCalls.Create(model.Handle, sizes, abort);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new LlamaLoadException(log.DescribeErrors("the library made no context and gave no reason"));
        }

        var lends = lender is not null && sizes.ThreadCount > 1 && lender.ThreadCount >= sizes.ThreadCount;
        var lent = lends ? lender!.Handle.Threadpool : null;
        var own = lent is null ? LlamaThreadpool.TryCreate(sizes.ThreadCount, sizes.Processors) : null;
        if ((lent ?? own) is { } threadpool)
        {
            NativeContext.llama_attach_threadpool(handle, threadpool.Address, threadpool.Address);
        }

        handle.Hold(model.Handle, own, abort);
        if (lent is not null)
        {
            handle.HoldLender(lender!.Handle);
        }

        return new LlamaContext(handle, model, sizes, abort) { Memory = MemoryUse.Read(log.Lines) };
    }

    /// <summary>Computes a batch on top of the cache. Logits and vectors stay readable until the next call.</summary>
    /// <exception cref="ArgumentException">An entry is not what the context can compute; nothing was
    /// computed.</exception>
    public LlamaStepOutcome Decode(LlamaBatch batch)
    {
        Check(batch);
        // An encoder has no cache to build on.
        var code = HasCache
            ? NativeContext.llama_decode(_handle, batch.Arrays)
            : NativeContext.llama_encode(_handle, batch.Arrays);
        _lastBatch = batch;
        _copies.Clear();
        var outcome = code switch
        {
            0 => LlamaStepOutcome.Computed,
            1 => LlamaStepOutcome.CacheFull,
            2 => LlamaStepOutcome.Aborted,
            _ => LlamaStepOutcome.Failed,
        };
        if (outcome != LlamaStepOutcome.Computed)
        {
            _lastBatch = null;
            _abort.Lower();
        }

        return outcome;
    }

    /// <summary>
    /// Scores over the vocabulary after an entry of the last batch; in native memory, may be changed in place.
    /// </summary>
    /// <exception cref="ArgumentException">The entry was not in the last batch, or not marked as output.</exception>
    public Span<float> ReadLogits(int entry)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ThrowIfNotOutput(entry);
        return ContextCalls.ReadLogits(_handle, entry, _model.Vocabulary.Size);
    }

    /// <summary>
    /// The pooled vector of a sequence of the last batch; in native memory. Empty when there is none.
    /// </summary>
    public ReadOnlySpan<float> ReadEmbedding(int sequence)
    {
        ThrowIfUnusable(sequence);
        var length = Pooling == LlamaPooling.Rank ? _model.ClassCount : _model.EmbeddingLength;
        return _embeddings ? ContextCalls.ReadEmbedding(_handle, sequence, length) : [];
    }

    /// <summary>Makes a running <see cref="Decode"/>, or else the next one, end early. Any thread; CPU only.</summary>
    public void Abort() => _abort.Raise();

    /// <summary>Position of the last token of a sequence; −1 when it has none.</summary>
    public int FindLastPosition(int sequence)
    {
        ThrowIfUnusable(sequence);
        return HasCache ? NativeContext.llama_memory_seq_pos_max(_memory, sequence) : -1;
    }

    /// <summary>
    /// The first position that a sequence holds; −1 without any. Where layers see a window, those before it go as the
    /// library needs their room.
    /// </summary>
    public int FindFirstPosition(int sequence)
    {
        ThrowIfUnusable(sequence);
        return HasCache ? NativeContext.llama_memory_seq_pos_min(_memory, sequence) : -1;
    }

    /// <summary>Frees the cells at positions from ≤ p &lt; to; to −1 means the end.</summary>
    /// <returns>False when the model's state cannot be cut there.</returns>
    public bool RemoveCells(int sequence, int from, int to)
    {
        ThrowIfUnusable(sequence, from, to);
        return !HasCache || NativeContext.llama_memory_seq_rm(_memory, sequence, from, to) != 0;
    }

    /// <summary>
    /// Gives the first cells of a sequence to another one, which has none, as well: both hold them, or each its own
    /// where each has a cache of its own. The library then copies a whole cache, at the beginning of the next
    /// <see cref="Decode"/>.
    /// </summary>
    /// <param name="source">Who has them.</param>
    /// <param name="destination">Who gets them.</param>
    /// <param name="count">How many; all where the model's state cannot be cut.</param>
    public void CopyCells(int source, int destination, int count)
    {
        ThrowIfUnusable(source, 0, count);
        ThrowIfUnusable(destination);
        if (!HasCache || source == destination)
        {
            return;
        }

        if (IsUnified)
        {
            NativeContext.llama_memory_seq_cp(_memory, source, destination, 0, count);
            return;
        }

        NativeContext.llama_memory_seq_cp(_memory, source, destination, -1, -1);
        _copies.Add(source, destination);
        if (FindLastPosition(destination) >= count)
        {
            _ = NativeContext.llama_memory_seq_rm(_memory, destination, count, -1);
        }
    }

    /// <summary>Moves the positions from ≤ p &lt; to by a distance; to −1 means the end.</summary>
    /// <exception cref="InvalidOperationException">The model's positions cannot be moved.</exception>
    public void ShiftCells(int sequence, int from, int to, int distance)
    {
        ThrowIfUnusable(sequence, from, to);
        if (!CanShift)
        {
            throw new InvalidOperationException("The positions of this model cannot be moved.");
        }

        // A position below zero would free the cell silently.
        ArgumentOutOfRangeException.ThrowIfLessThan((long)from + distance, 0, nameof(distance));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (long)FindLastPosition(sequence) + distance, int.MaxValue, nameof(distance));
        NativeContext.llama_memory_seq_add(_memory, sequence, from, to, distance);
    }

    /// <summary>Forgets every sequence.</summary>
    public void ClearCells()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (HasCache)
        {
            NativeContext.llama_memory_clear(_memory, 0);
        }
    }

    /// <summary>Changes the number of computing threads; at most what the context was made with.</summary>
    public void SetThreadCount(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadCount);
        NativeContext.llama_set_n_threads(_handle, threadCount, threadCount);
    }

    /// <summary>
    /// Replaces the adapters in use; they apply to every sequence. The library plans its buffers again at the next
    /// step, which takes longer for it.
    /// </summary>
    /// <exception cref="LlamaLoadException">The library refused.</exception>
    public void SetAdapters(LlamaAdapterSet adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (!ContextCalls.SetAdapters(_handle, adapters.Addresses, adapters.Scales))
        {
            throw new LlamaLoadException("The adapters cannot be used with this context.");
        }
    }

    /// <summary>Bytes that <see cref="SaveSequence"/> would give.</summary>
    public long CountSequenceBytes(int sequence)
    {
        ThrowIfUnusable(sequence);
        return ContextCalls.CountStateBytes(_handle, sequence);
    }

    /// <summary>
    /// Copies the cells of a sequence out, to memory outside the managed heap; null when that failed, they are too
    /// large or not there yet (<see cref="CopyCells"/>).
    /// </summary>
    public IMemoryOwner<byte>? SaveSequence(int sequence)
    {
        ThrowIfUnusable(sequence);
        return _copies.Changes(sequence) ? null : ContextCalls.SaveState(_handle, sequence);
    }

    /// <summary>
    /// Copies cells in that <see cref="SaveSequence"/> made with a context of the same model and options.
    /// </summary>
    /// <returns>
    /// False when they do not fit, or the sequence's cells are still to be copied from or over
    /// (<see cref="CopyCells"/>); it is then empty.
    /// </returns>
    public bool LoadSequence(int sequence, ReadOnlySpan<byte> state)
    {
        ThrowIfUnusable(sequence);
        return !state.IsEmpty && !_copies.Involves(sequence) && ContextCalls.LoadState(_handle, sequence, state);
    }

    /// <summary>Frees the context.</summary>
    public void Dispose() => _handle.Dispose();

    private void Check(LlamaBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        _checker.Begin(batch);
        for (var entry = 0; entry < batch.Count; entry++)
        {
            var sequence = _checker.CheckEntry(batch, entry);
            if (_checker.IsFirstOf(sequence))
            {
                _checker.Expect(sequence, HasCache ? NativeContext.llama_memory_seq_pos_max(_memory, sequence) : -1);
            }

            _checker.CheckPosition(batch, entry);
        }
    }

    private void ThrowIfNotOutput(int entry)
    {
        if (_lastBatch is not { } batch || (uint)entry >= (uint)batch.Count || batch.Outputs[entry] == 0)
        {
            throw new ArgumentException($"Entry {entry} of the last batch has no logits.", nameof(entry));
        }
    }

    private void ThrowIfUnusable(int sequence)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, SequenceCountMax);
    }

    private void ThrowIfUnusable(int sequence, int from, int to)
    {
        ThrowIfUnusable(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, -1);
        if (to >= 0 && to < from)
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"The range ends before it begins at {from}.");
        }
    }
}
