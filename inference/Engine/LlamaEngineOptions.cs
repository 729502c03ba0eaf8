namespace Ollama.Platform.Inference.Engine;

/// <summary>Settings of the native engine.</summary>
public sealed class LlamaEngineOptions
{
    /// <summary>Folder of the native libraries; null for the one beside the program.</summary>
    public string? LibraryPath { get; set; }
}
