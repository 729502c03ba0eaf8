namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// Chooses a token once that nobody asked for: vector code is compiled when it is first called, some twenty
/// milliseconds in all. While native code reads the first model's weights one processor has nothing to do.
/// </summary>
internal static class FirstSample
{
    // Enough for the sampler to go the way that it goes with a real vocabulary.
    private const int VocabularySize = 8192;

    private static readonly Lazy<Task> Once = new(() => Task.Run(Choose));

    /// <summary>Begins it on a thread of the pool, unless this process has done so before.</summary>
    public static Task Begin() => Once.Value;

    private static void Choose()
    {
        var options = new SamplingOptions();
        var chain = new SamplerChain(options, seed: 0, contextTokens: options.RepeatLastTokens);
        chain.Accept(chain.Sample(new float[VocabularySize], new SamplerScratch(VocabularySize)));
    }
}
