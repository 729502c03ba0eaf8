namespace Ollama.Platform.Silo.Library;

/// <summary>What the library does at its start.</summary>
public sealed class LocalLibraryOptions
{
    /// <summary>Folder of the models that ship with the product; null registers none.</summary>
    public string? ShippedModelsDirectory { get; set; }
}
