using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Owns a <c>llama_context</c>, the unmanaged arrays of its batch and its abort flag. Holds a reference on the model's
/// handle, so that finalizers may run in any order.
/// </summary>
internal sealed unsafe class LlamaContextHandle : SafeHandle
{
    private const int SequenceCountLimit = 256;
    private readonly LlamaModelHandle _model;
    private readonly int* _abort;
    private readonly LlamaBatchNative _batch;
    private readonly int* _sequences;

    private LlamaContextHandle(nint context, LlamaModelHandle model, int* abort, int batchTokens)
        : base(0, ownsHandle: true)
    {
        SetHandle(context);
        _model = model;
        _abort = abort;
        _sequences = Allocate<int>(batchTokens);
        _batch = new LlamaBatchNative
        {
            Tokens = Allocate<int>(batchTokens),
            Positions = Allocate<int>(batchTokens),
            SequenceCounts = Allocate<int>(batchTokens),
            Sequences = (int**)Allocate<nint>(batchTokens),
            Outputs = Allocate<sbyte>(batchTokens),
        };
        for (var index = 0; index < batchTokens; index++)
        {
            _batch.SequenceCounts[index] = 1;
            _batch.Sequences[index] = _sequences + index;
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer, for calls while a reference is held.</summary>
    public nint Pointer => handle;

    public static LlamaContextHandle Create(LlamaModelHandle model, LlamaContextOptions options)
    {
        Check(options);
        NativeLog.TakeLastError();
        var abort = Allocate<int>(1);
        var parameters = Parameters(options, abort);
        var referenced = false;
        model.DangerousAddRef(ref referenced);
        var context = NativeMethods.llama_init_from_model(model.Pointer, parameters);
        if (context == 0)
        {
            model.DangerousRelease();
            NativeMemory.Free(abort);
            throw new LlamaLoadException(NativeLog.TakeLastError() ?? "The context could not be made.");
        }

        return new LlamaContextHandle(context, model, abort, (int)NativeMethods.llama_n_batch(context));
    }

    /// <summary>Copies the entries into the batch and runs it; the arguments were checked.</summary>
    public int Run(
        ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<bool> outputs,
        bool encode)
    {
        Volatile.Write(ref *_abort, 0);
        var batch = _batch;
        batch.TokenCount = tokens.Length;
        tokens.CopyTo(new Span<int>(batch.Tokens, tokens.Length));
        positions.CopyTo(new Span<int>(batch.Positions, tokens.Length));
        sequences.CopyTo(new Span<int>(_sequences, tokens.Length));
        MemoryMarshal.AsBytes(outputs).CopyTo(new Span<byte>(batch.Outputs, tokens.Length));
        return encode ? NativeMethods.llama_encode(handle, batch) : NativeMethods.llama_decode(handle, batch);
    }

    /// <summary>Makes a running call return. Any thread.</summary>
    public void Abort() => Volatile.Write(ref *_abort, 1);

    /// <summary>Logits of a batch entry that was marked as output.</summary>
    public Span<float> Logits(int batchIndex, int vocabularySize)
    {
        var logits = NativeMethods.llama_get_logits_ith(handle, batchIndex);
        return logits == null
            ? throw new InvalidOperationException("The batch entry has no logits.")
            : new Span<float>(logits, vocabularySize);
    }

    /// <summary>Pooled embedding of a sequence of the last batch.</summary>
    public ReadOnlySpan<float> Embedding(int sequence, int length)
    {
        var embedding = NativeMethods.llama_get_embeddings_seq(handle, sequence);
        return embedding == null
            ? throw new InvalidOperationException("The sequence has no embedding.")
            : new ReadOnlySpan<float>(embedding, length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.llama_free(handle);
        NativeMemory.Free(_abort);
        NativeMemory.Free(_sequences);
        NativeMemory.Free(_batch.Tokens);
        NativeMemory.Free(_batch.Positions);
        NativeMemory.Free(_batch.SequenceCounts);
        NativeMemory.Free(_batch.Sequences);
        NativeMemory.Free(_batch.Outputs);
        _model.DangerousRelease();
        return true;
    }

    private static void Check(LlamaContextOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CellCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SequenceCountMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SequenceCountMax, SequenceCountLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MicroBatchTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MicroBatchTokens, options.BatchTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThreadCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.OutputCountMax);
    }

    private static LlamaContextParams Parameters(LlamaContextOptions options, int* abort)
    {
        var parameters = NativeMethods.llama_context_default_params();
        parameters.ContextCells = (uint)options.CellCount;
        parameters.BatchTokens = (uint)options.BatchTokens;
        parameters.MicroBatchTokens = (uint)options.MicroBatchTokens;
        parameters.SequenceCountMax = (uint)options.SequenceCountMax;
        parameters.OutputCountMax = (uint)options.OutputCountMax;
        parameters.ThreadCount = options.ThreadCount;
        parameters.ThreadCountBatch = options.ThreadCount;
        parameters.Embeddings = options.Embeddings ? (byte)1 : (byte)0;

        // One buffer for all sequences: separate streams split a batch whose sequences are not neighbours.
        parameters.KvUnified = 1;
        parameters.AbortCallback = &OnAbort;
        parameters.AbortCallbackData = abort;
        return parameters;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged =>
        (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnAbort(void* flag) => (byte)Volatile.Read(ref *(int*)flag);
}
