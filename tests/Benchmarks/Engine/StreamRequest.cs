using System.Text.Json.Nodes;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>What is asked of a server; what is left out is sampled by Ollama's defaults on every side.</summary>
/// <param name="Prompt">The raw prompt.</param>
/// <param name="TokensMax">Tokens to produce.</param>
internal sealed record StreamRequest(string Prompt, int TokensMax)
{
    /// <summary>Penalty for repeated tokens; 1 for none.</summary>
    public double RepeatPenalty { get; init; } = 1;

    /// <summary>JSON schema that the output has to follow.</summary>
    public JsonNode? Schema { get; init; }

    /// <summary>When the client leaves; what it has read until then is its reading.</summary>
    public CancellationToken Leaving { get; init; }
}
