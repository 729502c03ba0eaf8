namespace Ollama.Platform.LlamaCpp;

/// <summary>Makes the sizes of a context such that the library's assertions about them hold.</summary>
internal static class ContextSizes
{
    // The library rounds the cells up to this (kv-cache padding), after it has clamped the batch to them.
    private const int CellsStep = 256;

    // LLAMA_MAX_SEQ of the pinned version.
    private const int SequencesMax = 256;

    /// <summary>Checks ranges and raises sizes that depend on others.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static LlamaContextOptions Check(LlamaContextOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.CellCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CellCount, LlamaContextOptions.CellCountMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MicroBatchTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SequenceCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SequenceCount, SequencesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.OutputCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ThreadCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ThreadCount, 512);

        var caches = options.CacheUnified ? 1 : options.SequenceCount;
        var cells = RoundUp((options.CellCount + caches - 1) / caches) * caches;
        // The library reserves one output for each sequence at least, and never more outputs than a batch has tokens.
        var outputs = Math.Max(options.OutputCount, options.SequenceCount);
        var batch = Math.Min(cells, Math.Max(options.BatchTokens, options.SequenceCount));
        return options with
        {
            CellCount = cells,
            BatchTokens = batch,
            // A vector needs all tokens of its sequence in one computation.
            MicroBatchTokens = options.Embeddings ? batch : Math.Min(batch, options.MicroBatchTokens),
            OutputCount = options.Embeddings ? batch : Math.Min(batch, outputs),
        };
    }

    private static int RoundUp(int cells) => (cells + CellsStep - 1) / CellsStep * CellsStep;
}
