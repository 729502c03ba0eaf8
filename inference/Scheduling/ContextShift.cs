namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Which tokens go when a context is full. Pure; the amounts are llama-server's.</summary>
internal static class ContextShift
{
    // Cells that keeping must leave for the rest.
    private const int KeepMargin = 4;

    /// <summary>Decides what a shift drops.</summary>
    /// <param name="cellCount">Cells in use.</param>
    /// <param name="contextTokens">Tokens that the sequence may occupy.</param>
    /// <param name="keepTokens">First tokens that stay.</param>
    /// <returns>The first token to drop and how many; a count of 0 when nothing can go.</returns>
    public static (int Start, int Count) Plan(int cellCount, int contextTokens, int keepTokens)
    {
        var start = Math.Clamp(keepTokens, 0, Math.Max(0, contextTokens - KeepMargin));
        return (start, Math.Max(0, (cellCount - start) / 2));
    }
}
