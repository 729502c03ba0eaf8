using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// A KV cache with the buffers to compute on it. One thread at a time, but for <see cref="Abort"/>. Every argument is
/// checked here, because the native library ends the process on a failed assertion.
/// </summary>
public sealed class LlamaContext : IDisposable
{
    private readonly LlamaContextHandle _handle;
    private readonly nint _memory;
    private readonly int _vocabularySize;
    private readonly int _embeddingLength;
    private readonly bool[] _outputs;
    private readonly bool[] _embedded;

    internal LlamaContext(LlamaContextHandle handle, int vocabularySize, int embeddingLength)
    {
        _handle = handle;
        _vocabularySize = vocabularySize;
        _embeddingLength = embeddingLength;
        _memory = NativeMethods.llama_get_memory(handle.Pointer);

        // The library clamps what was asked for: these are the sizes that hold.
        CellCount = (int)NativeMethods.llama_n_ctx(handle.Pointer);
        BatchTokensMax = (int)NativeMethods.llama_n_batch(handle.Pointer);
        MicroBatchTokensMax = (int)NativeMethods.llama_n_ubatch(handle.Pointer);
        SequenceCountMax = (int)NativeMethods.llama_n_seq_max(handle.Pointer);
        CanShift = _memory != 0 && NativeMethods.llama_memory_can_shift(_memory);
        HasPooling = NativeMethods.llama_pooling_type(handle.Pointer) > 0;
        _outputs = new bool[BatchTokensMax];
        _embedded = new bool[SequenceCountMax];
    }

    /// <summary>Cells of the KV cache.</summary>
    public int CellCount { get; }

    /// <summary>Tokens of one call at most.</summary>
    public int BatchTokensMax { get; }

    /// <summary>Tokens computed together at most.</summary>
    public int MicroBatchTokensMax { get; }

    /// <summary>Number of sequences.</summary>
    public int SequenceCountMax { get; }

    /// <summary>Positions of cached tokens can be moved.</summary>
    public bool CanShift { get; }

    /// <summary>The context pools embeddings by sequence.</summary>
    public bool HasPooling { get; }

    /// <summary>Computes a batch.</summary>
    /// <param name="tokens">Token of each entry.</param>
    /// <param name="positions">Position of each entry in its sequence; consecutive with what the cache holds.</param>
    /// <param name="sequences">Sequence of each entry.</param>
    /// <param name="outputs">Whether each entry's logits are wanted.</param>
    /// <exception cref="ArgumentException">The batch is empty, too long, or an entry is out of range.</exception>
    public DecodeOutcome Decode(
        ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<bool> outputs)
    {
        Check(tokens, positions, sequences, outputs);
        _outputs.AsSpan().Clear();
        var outcome = Outcome(_handle.Run(tokens, positions, sequences, outputs, encode: false));
        if (outcome == DecodeOutcome.Decoded)
        {
            outputs.CopyTo(_outputs);
        }

        return outcome;
    }

    /// <summary>
    /// Computes embeddings; each sequence stands whole in the batch and its cells are forgotten first.
    /// </summary>
    /// <exception cref="ArgumentException">The batch is empty, too long, or an entry is out of range.</exception>
    public DecodeOutcome Embed(
        ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<bool> outputs)
    {
        Check(tokens, positions, sequences, outputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, MicroBatchTokensMax);
        _embedded.AsSpan().Clear();
        ClearCells();
        var outcome = Outcome(_handle.Run(tokens, positions, sequences, outputs, encode: _memory == 0));
        if (outcome == DecodeOutcome.Decoded)
        {
            foreach (var sequence in sequences)
            {
                _embedded[sequence] = true;
            }
        }

        return outcome;
    }

    /// <summary>Scores over the vocabulary after an entry of the last batch; valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">The entry was not marked as output.</exception>
    public Span<float> Logits(int batchIndex) =>
        (uint)batchIndex < (uint)_outputs.Length && _outputs[batchIndex]
            ? _handle.Logits(batchIndex, _vocabularySize)
            : throw new InvalidOperationException("The batch entry was not marked as output.");

    /// <summary>The pooled vector of a sequence of the last <see cref="Embed"/>; valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">The sequence was not in the batch.</exception>
    public ReadOnlySpan<float> Embedding(int sequence) =>
        (uint)sequence < (uint)_embedded.Length && _embedded[sequence]
            ? _handle.Embedding(sequence, _embeddingLength)
            : throw new InvalidOperationException("The sequence was not in the batch.");

    /// <summary>Frees the cells of a sequence at positions start ≤ p &lt; end; end −1 means all that follow.</summary>
    /// <returns>False when the model's state cannot be cut there.</returns>
    public bool RemoveCells(int sequence, int start, int end)
    {
        CheckRange(sequence, start, end);
        return _memory == 0 || NativeMethods.llama_memory_seq_rm(_memory, sequence, start, end);
    }

    /// <summary>Shares cells of one sequence with another.</summary>
    public void CopyCells(int source, int destination, int start, int end)
    {
        CheckRange(source, start, end);
        CheckRange(destination, start, end);
        if (_memory != 0)
        {
            NativeMethods.llama_memory_seq_cp(_memory, source, destination, start, end);
        }
    }

    /// <summary>Moves the positions start ≤ p &lt; end of a sequence by a distance.</summary>
    /// <exception cref="InvalidOperationException">The model's positions cannot be moved.</exception>
    public void ShiftCells(int sequence, int start, int end, int distance)
    {
        CheckRange(sequence, start, end);
        ArgumentOutOfRangeException.ThrowIfNegative(start + distance);
        if (!CanShift)
        {
            throw new InvalidOperationException("This model's positions cannot be moved.");
        }

        NativeMethods.llama_memory_seq_add(_memory, sequence, start, end, distance);
    }

    /// <summary>The last position that the cache holds of a sequence; −1 when it holds none.</summary>
    public int LastPosition(int sequence)
    {
        CheckRange(sequence, 0, -1);
        return _memory == 0 ? -1 : NativeMethods.llama_memory_seq_pos_max(_memory, sequence);
    }

    /// <summary>Forgets every sequence.</summary>
    public void ClearCells()
    {
        if (_memory != 0)
        {
            NativeMethods.llama_memory_clear(_memory, data: false);
        }
    }

    /// <summary>Changes the number of threads; takes effect with the next call.</summary>
    public void SetThreadCount(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        NativeMethods.llama_set_n_threads(_handle.Pointer, threadCount, threadCount);
    }

    /// <summary>Makes a running call return <see cref="DecodeOutcome.Aborted"/>. Any thread.</summary>
    public void Abort() => _handle.Abort();

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // The return codes are those of llama_decode in llama.h: 1 no cells, 2 aborted, below zero an error.
    private static DecodeOutcome Outcome(int code) => code switch
    {
        0 => DecodeOutcome.Decoded,
        1 => DecodeOutcome.KvCacheFull,
        2 => DecodeOutcome.Aborted,
        _ => DecodeOutcome.Failed,
    };

    private void Check(
        ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<bool> outputs)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, BatchTokensMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(positions.Length, tokens.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sequences.Length, tokens.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, tokens.Length);
        for (var index = 0; index < tokens.Length; index++)
        {
            if ((uint)tokens[index] >= (uint)_vocabularySize || positions[index] < 0
                || (uint)sequences[index] >= (uint)SequenceCountMax)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), $"Entry {index}: token {tokens[index]}, position {positions[index]}, "
                    + $"sequence {sequences[index]}.");
            }
        }
    }

    private void CheckRange(int sequence, int start, int end)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, SequenceCountMax);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, -1);
    }
}
