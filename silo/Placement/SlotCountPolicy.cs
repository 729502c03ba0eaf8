namespace Ollama.Platform.Silo.Placement;

/// <summary>How many sequences a model decodes together, and how much KV cache they have.</summary>
/// <param name="SlotCount">Sequences.</param>
/// <param name="ContextCount">Full context lengths that the cache holds; each sequence may use one of them up.</param>
/// <param name="CacheUnified">The sequences share them; otherwise each has its own.</param>
internal readonly record struct SlotPlan(int SlotCount, int ContextCount, bool CacheUnified);

/// <summary>Decides how many sequences a model decodes together. Pure.</summary>
internal static class SlotCountPolicy
{
    private const int AutomaticMax = 16;

    // Few conversations fill their context. What is reserved is cleared at load and slows it, so the slots share this
    // many contexts; when they need more at a time, the scheduler lets the youngest wait.
    private const int SharedContextsMax = 4;
    private const int SlotsPerContext = 4;

    // Contexts beyond the first may take half of what the weights leave, so that there is room for another model.
    private const int ExtraShareDivisor = 2;

    /// <summary>The slots and their cache.</summary>
    /// <param name="configured">The operator's number of slots, each with a whole context; 0 for automatic.</param>
    /// <param name="unified">The operator's choice of one cache or one for each slot; null for automatic.</param>
    /// <param name="embedding">Embeddings are packed by the engine; one slot is the shape of their context.</param>
    /// <param name="estimate">What the model takes.</param>
    /// <param name="budget">What there is.</param>
    public static SlotPlan Choose(
        int configured, bool? unified, bool embedding, MemoryEstimate estimate, MemoryBudget budget)
    {
        if (embedding)
        {
            return new SlotPlan(1, 1, CacheUnified: true);
        }

        // What others hold costs attention time, which a GPU feels most.
        var onGpu = budget.GpuCount > 0;
        if (configured > 0)
        {
            return new SlotPlan(configured, configured, unified ?? !onGpu);
        }

        var extraBytes = Math.Max(budget.UsableBytes - estimate.TotalBytes(1), 0) / ExtraShareDivisor;
        var contexts = estimate.KeyValueBytes <= 0
            ? AutomaticMax
            : 1 + (int)Math.Min(extraBytes / estimate.KeyValueBytes, AutomaticMax - 1);
        if (unified is false || (unified is null && onGpu && contexts == AutomaticMax))
        {
            return new SlotPlan(contexts, contexts, CacheUnified: false);
        }

        contexts = Math.Min(contexts, SharedContextsMax);
        return new SlotPlan(Math.Min(AutomaticMax, contexts * SlotsPerContext), contexts, CacheUnified: true);
    }
}
