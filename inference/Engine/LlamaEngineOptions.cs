namespace Ollama.Platform.Inference.Engine;

/// <summary>How the native engine is found.</summary>
public sealed record LlamaEngineOptions
{
    /// <summary>
    /// Folder with llama.cpp's shared libraries; null for the one that the build put beside the program.
    /// </summary>
    public string? LibraryPath { get; set; }
}
