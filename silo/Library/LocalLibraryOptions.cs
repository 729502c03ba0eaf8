namespace Ollama.Platform.Silo.Library;

/// <summary>What the library does at its start.</summary>
public sealed class LocalLibraryOptions
{
    /// <summary>Folder of the models that ship with the product; null registers none.</summary>
    public string? ShippedModelsDirectory { get; set; }

    /// <summary>
    /// Whether a model's Go template stands above the one in its GGUF file: true for always, false for never; null
    /// decides by what either can do (OLLAMA_GO_TEMPLATE).
    /// </summary>
    public bool? GoTemplates { get; set; }
}
