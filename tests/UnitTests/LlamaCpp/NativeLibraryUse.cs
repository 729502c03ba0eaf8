using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>The opened native library, and the models beside the tests.</summary>
[CollectionDefinition(nameof(NativeLibraryUse))]
public sealed class NativeLibraryUse : ICollectionFixture<NativeLibraryUse>
{
    public LlamaLibrary Library { get; } = LlamaLibrary.Open(folder: null, NullLogger.Instance);

    public static string ChatModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "tiny-chat.gguf");

    public static string EmbeddingModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "tiny-embed.gguf");
}
