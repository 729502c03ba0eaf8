namespace Ollama.Platform.Inference.Sampling;

/// <summary>What is added to the logit of a token.</summary>
/// <param name="Token">The token.</param>
/// <param name="Bias">A finite number, or −∞ to forbid the token.</param>
public readonly record struct TokenBias(int Token, float Bias);
