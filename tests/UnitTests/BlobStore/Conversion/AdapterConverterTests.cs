using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

public sealed class AdapterConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Source => Path.Combine(_folder.Path, "source");

    private string Target => Path.Combine(_folder.Path, "target.gguf");

    public AdapterConverterTests()
    {
        Directory.CreateDirectory(Source);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(TwinFolder.Originals, "tiny-chat-pirate-lora")))
        {
            File.Copy(path, Path.Combine(Source, Path.GetFileName(path)));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_becomes_its_gguf_twin_tensor_by_tensor()
    {
        Convert("tiny-chat");

        var made = new GgufContent(Target);
        var twin = new GgufContent(Path.Combine(TwinFolder.Originals, "tiny-chat-pirate-lora.gguf"));
        Assert.Equal(twin.Tensors.Keys.Order(), made.Tensors.Keys.Order());
        foreach (var tensor in twin.File.Tensors)
        {
            Assert.Equal(tensor.Shape, made.File.Tensors.Single(other => other.Name == tensor.Name).Shape);
            Assert.True(twin.Tensors[tensor.Name].AsSpan().SequenceEqual(made.Tensors[tensor.Name]), tensor.Name);
        }

        foreach (var key in new[] { "general.architecture", "general.type", "adapter.type", "adapter.lora.alpha" })
        {
            Assert.Equal(twin.Key(key), made.Key(key));
        }
    }

    [Theory]
    [InlineData("\"LORA\"", "\"IA3\"", "The adapter has the type 'IA3'; only LORA can be converted.")]
    [InlineData("\"fan_in_fan_out\": false", "\"use_dora\": true",
        "The adapter sets 'use_dora', which the engine cannot do.")]
    [InlineData("\"lora_alpha\": 16,", "", "The file adapter_config.json lacks the value 'lora_alpha'.")]
    public void A_setting_that_cannot_be_served_is_refused(string text, string changed, string reason)
    {
        var path = Path.Combine(Source, "adapter_config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(text, changed, StringComparison.Ordinal));

        Assert.Equal(reason, Assert.Throws<ConversionException>(() => Convert("tiny-chat")).Message);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void A_base_of_another_kind_is_refused()
    {
        var refusal = Assert.Throws<ConversionException>(() => Convert("tiny-embed"));

        Assert.Equal("unsupported architecture \"bert\"", refusal.Message);
    }

    private void Convert(string baseModel) => AdapterConverter.Convert(
        new ConversionRequest { Source = ModelFolder.Open(Source), TargetPath = Target },
        GgufFile.Read(TwinFolder.GgufOf(baseModel)), TestContext.Current.CancellationToken);
}
