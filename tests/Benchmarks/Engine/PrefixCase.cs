namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Time to the first token when most of the prompt was computed before, and when none of it was.</summary>
internal static class PrefixCase
{
    private const int PrefixTokens = 500;
    private const int NewTokens = 12;

    public static async Task<CaseResult> MeasureAsync(
        Sides sides, EngineOptions options, CancellationToken cancellationToken)
    {
        var pairs = new List<(double, double)>();
        for (var number = 1; number <= options.PairCount; number++)
        {
            // Numbers that no other case uses, or the first of each pair would be known, too.
            var prefix = Prompts.Make(PrefixTokens, number + options.PairCount);
            var cold = await MeasureAsync(prefix + Prompts.Make(NewTokens, number));
            var known = await MeasureAsync(prefix + Prompts.Make(NewTokens, number + 1));
            pairs.Add((known, cold));
        }

        return CaseResult.Of("first token, 500 of 512 known", sides.Store, options, "ms", "own cold prompt", pairs);

        async Task<double> MeasureAsync(string prompt) =>
            (await Gauge.FirstTokenAsync(sides.Host, prompt, cancellationToken)).TotalMilliseconds;
    }
}
