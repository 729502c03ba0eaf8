namespace Ollama.Platform.Contracts.Library;

/// <summary>A draft model: it proposes tokens, and the model that it belongs to verifies them.</summary>
/// <param name="Weights">The weights, a GGUF blob.</param>
/// <param name="Description">What their header says.</param>
public sealed record DraftDescription(Digest Weights, WeightsDescription Description)
{
    /// <summary>
    /// The name by which it was asked for, who hears when it cannot be used; null for a layer of the model, which is
    /// left out then.
    /// </summary>
    public string? Name { get; init; }
}
