namespace Ollama.Platform.Inference.Engine;

/// <summary>How many threads compute a model; pure.</summary>
internal static class ThreadPolicy
{
    // Threads meet some hundred times for each token by spinning. Below this share of weights the waiting costs more
    // than the other thread saves: a core reads this much in about two milliseconds.
    private const long BytesPerThreadMin = 32L << 20;

    /// <summary>Chooses.</summary>
    /// <param name="wanted">What the user asked for; 0 to let us choose.</param>
    /// <param name="tensorBytes">Bytes of the weights.</param>
    /// <param name="coreCount">Physical cores that this process may use.</param>
    /// <param name="processorCount">Processors that it may use: each core has one or more.</param>
    public static int Choose(int wanted, long tensorBytes, int coreCount, int processorCount)
    {
        if (wanted > 0)
        {
            // The library's limit is 512. More threads than processors would spin while those that they wait for have
            // none: a minute for what takes a moment.
            return Math.Min(wanted, Math.Clamp(processorCount, 1, 512));
        }

        var useful = Math.Max(1, tensorBytes / BytesPerThreadMin);
        return (int)Math.Clamp(useful, 1, Math.Clamp(coreCount, 1, 512));
    }
}
