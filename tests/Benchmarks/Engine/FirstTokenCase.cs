using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>From an unknown prompt to its first token, with nobody else there.</summary>
internal static class FirstTokenCase
{
    public static async Task<CaseResult> MeasureAsync(
        Sides sides, EngineOptions options, int promptTokens, CancellationToken cancellationToken)
    {
        var pairs = await Sides.PairAsync(
            options.PairCount,
            async number => (await Gauge.FirstTokenAsync(
                sides.Host, Prompts.Make(promptTokens, number), cancellationToken)).TotalMilliseconds,
            async number => (await sides.Raw.GenerateAsync(
                tokensMax: 1, Prompts.Make(promptTokens, number), cancellationToken)).Wall.TotalMilliseconds);
        return CaseResult.Of(
            string.Create(CultureInfo.InvariantCulture, $"first token, prompt of {promptTokens}"),
            sides.Store,
            options,
            "ms",
            "raw loop",
            pairs);
    }
}
