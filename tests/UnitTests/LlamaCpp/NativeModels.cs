using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>The library and the small models that ship with the product.</summary>
internal static class NativeModels
{
    public const string Question =
        "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n";

    public const string Answer = "The capital of France is Paris.";

    public static string ChatPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "tiny-chat.gguf");

    public static string EmbedPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "tiny-embed.gguf");

    public static string DraftPath { get; } = Path.Combine(AppContext.BaseDirectory, "twins", "tiny-chat-draft.gguf");

    public static string AdapterPath { get; } =
        Path.Combine(AppContext.BaseDirectory, "twins", "tiny-chat-pirate-lora.gguf");

    public static LlamaLibrary Library => LlamaLibrary.Open(null);

    public static LlamaModel LoadChat() =>
        LlamaModel.Load(Library, ChatPath, new LlamaModelOptions(), null, TestContext.Current.CancellationToken);

    public static LlamaModel LoadEmbed() =>
        LlamaModel.Load(Library, EmbedPath, new LlamaModelOptions(), null, TestContext.Current.CancellationToken);

    public static LlamaContext CreateContext(
        LlamaModel model, int sequenceCount = 4, int cellCount = 1024, bool unified = true) =>
        LlamaContext.Create(
            model,
            new LlamaContextOptions
            {
                CellCount = cellCount,
                CacheUnified = unified,
                BatchTokens = 256,
                SequenceCount = sequenceCount,
            });
}
