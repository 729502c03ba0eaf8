namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>One stream: tokens a second of processor time over HTTP, and of the raw loop.</summary>
internal static class DecodeCase
{
    /// <summary>Runs that nobody measures: the compiler translates a hot method again after some 30 calls.</summary>
    private const int WarmUpCount = 2;

    private const int PromptTokens = 8;

    public static async Task<CaseResult> MeasureAsync(
        Sides sides, EngineOptions options, CancellationToken cancellationToken)
    {
        // The prompt is the same in every run: both sides keep its cells, and what is left is decoding.
        var prompt = Prompts.Make(PromptTokens, number: 0);
        async Task<double> Ours(int number) =>
            (await sides.Host.GenerateAsync(options.TokenCount, prompt, cancellationToken)).TokensPerCpuSecond;
        async Task<double> Reference(int number) =>
            (await sides.Raw.GenerateAsync(options.TokenCount, prompt, cancellationToken)).TokensPerCpuSecond;

        await Sides.PairAsync(options.Short ? 0 : WarmUpCount, Ours, Reference);
        var pairs = await Sides.PairAsync(options.PairCount, Ours, Reference);
        return CaseResult.Of("decode, 1 stream", sides.Store, options, "token/CPU-s", "raw loop", pairs);
    }
}
