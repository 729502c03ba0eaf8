namespace Ollama.Platform.Silo.Placement;

/// <summary>The context length of a request that states none, as Ollama has it. Pure.</summary>
internal static class ContextDefault
{
    private const long Gibibyte = 1L << 30;

    /// <summary>The operator's number where there is one, otherwise by the memory of the GPUs.</summary>
    public static int Choose(int configured, MemoryBudget budget) => configured > 0 ? configured
        : budget.GpuTotalBytes switch
        {
            < 23 * Gibibyte => 4096,
            < 47 * Gibibyte => 32_768,
            _ => 262_144,
        };
}
