namespace Ollama.Platform.Prompting.Rendering;

/// <summary>The renderer and parser that a new model of some architectures gets when nobody names any.</summary>
/// <param name="Renderer">Name of the renderer.</param>
/// <param name="Parser">Name of the parser.</param>
/// <param name="Stop">Stop sequence, unless the model has any; null for none.</param>
public sealed record FamilyDefaults(string Renderer, string Parser, string? Stop = null)
{
    /// <summary>By the architecture that a GGUF file states; null where its template decides.</summary>
    public static FamilyDefaults? OfArchitecture(string architecture) => architecture switch
    {
        "gemma4" => new("gemma4", "gemma4", "<turn|>"),
        "laguna" => new("laguna", "laguna"),
        "nemotron_h" or "nemotron_h_moe" or "nemotron_h_omni" => new("nemotron-3-nano", "nemotron-3-nano"),
        _ => null,
    };
}
