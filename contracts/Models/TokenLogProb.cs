namespace Ollama.Platform.Contracts.Models;

/// <summary>The log-probability of a produced token and of its best alternatives.</summary>
/// <param name="Token">The token's text; bytes that are not UTF-8 become U+FFFD.</param>
/// <param name="LogProb">Natural logarithm of the probability.</param>
/// <param name="Bytes">The token's bytes, each 0–255.</param>
/// <param name="Top">The most probable tokens, best first; empty when none were asked for.</param>
public sealed record TokenLogProb(
    string Token, double LogProb, IReadOnlyList<int> Bytes, IReadOnlyList<TokenLogProb> Top);
