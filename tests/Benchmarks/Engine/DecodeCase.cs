namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>One stream: tokens a second of processor time over HTTP, and of the raw loop.</summary>
internal static class DecodeCase
{
    /// <summary>
    /// Runs that nobody measures: the compiler translates what is called often a second time, which goes on for some
    /// hundred tokens.
    /// </summary>
    private const int WarmUpCount = 5;

    /// <summary>Enough for the prefix cache to bring every run back into the slot of the one before.</summary>
    private const int PromptTokens = 32;

    /// <summary>Measures.</summary>
    /// <param name="name">Name of the case: what the host went through before is part of it.</param>
    /// <param name="sides">Both sides.</param>
    /// <param name="options">How often and how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CaseResult> MeasureAsync(
        string name, Sides sides, EngineOptions options, CancellationToken cancellationToken)
    {
        // The prompt is the same in every run: both sides keep its cells, and what is left is decoding.
        var prompt = Prompts.Make(PromptTokens, number: 0);
        async Task<double> Ours(int number) =>
            (await Gauge.StreamAsync(
                sides.Host, new StreamRequest(prompt, options.TokenCount), cancellationToken)).TokensPerCpuSecond;
        async Task<double> Reference(int number) =>
            (await sides.Raw.GenerateAsync(options.TokenCount, prompt, cancellationToken)).TokensPerCpuSecond;

        await Sides.PairAsync(options.Short ? 0 : WarmUpCount, Ours, Reference);
        var pairs = await Sides.PairAsync(options.PairCount, Ours, Reference);
        return CaseResult.Of(name, sides.Store, options, "token/CPU-s", "raw loop", pairs);
    }
}
