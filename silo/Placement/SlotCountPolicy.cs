namespace Ollama.Platform.Silo.Placement;

/// <summary>Decides how many sequences a model decodes together. Pure.</summary>
internal static class SlotCountPolicy
{
    private const int AutomaticMax = 16;

    // Slots beyond the first may take half of what the weights leave, so that there is room for another model.
    private const int ExtraShareDivisor = 2;

    /// <summary>The number of slots.</summary>
    /// <param name="configured">The operator's number; 0 for automatic.</param>
    /// <param name="embedding">Embeddings are packed by the engine; one slot is the shape of their context.</param>
    /// <param name="estimate">What the model takes.</param>
    /// <param name="usableBytes">What there is.</param>
    public static int Choose(int configured, bool embedding, MemoryEstimate estimate, long usableBytes)
    {
        if (embedding)
        {
            return 1;
        }

        if (configured > 0)
        {
            return configured;
        }

        var extraBytes = Math.Max(usableBytes - estimate.TotalBytes(1), 0) / ExtraShareDivisor;
        return estimate.KeyValueBytes <= 0
            ? AutomaticMax
            : 1 + (int)Math.Min(extraBytes / estimate.KeyValueBytes, AutomaticMax - 1);
    }
}
