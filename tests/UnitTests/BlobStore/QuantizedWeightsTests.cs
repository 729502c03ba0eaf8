using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class QuantizedWeightsTests
{
    [Theory]
    [InlineData("tiny-chat.gguf", "F16", null)]
    [InlineData("tiny-chat.gguf", "Q8_0", "The quantized weights are F16 of llama, not Q8_0 of llama.")]
    [InlineData("tiny-embed.gguf", "F16", "The quantized weights are F16 of bert, not F16 of llama.")]
    public void Only_the_same_model_of_the_type_asked_for_counts(string name, string type, string? complaint)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "models");
        var source = GgufFile.Read(Path.Combine(folder, "tiny-chat.gguf"));

        var failure = Record.Exception(() => QuantizedWeights.Check(source, Path.Combine(folder, name), type));

        Assert.Equal(complaint, failure?.Message);
        Assert.True(failure is null or GgufException);
    }
}
