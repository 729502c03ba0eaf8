using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaEngineLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llama-engine-").FullName;
    private readonly LlamaEngineLoader _loader = LlamaEngines.OpenLoader();

    public void Dispose()
    {
        _loader.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Version_and_devices_are_told()
    {
        Assert.Matches(@"^llama\.cpp 0\.5\.0.* \(ggml 0\.25\.1.*\)$", _loader.Version);
        var cpu = Assert.Single(_loader.ListDevices(), device => !device.IsGpu);
        Assert.Equal("CPU", cpu.Name);
        Assert.InRange(cpu.FreeBytes, 1, cpu.TotalBytes);
    }

    [Fact]
    public void Start_is_logged_in_a_few_lines()
    {
        using var log = new LineLog();
        using var loader = LlamaEngineLoader.Open(new LlamaEngineOptions(), log);

        var lines = log.Lines("Ollama.Platform.Inference.Engine.LlamaEngineLoader");

        Assert.StartsWith("Engine llama.cpp 0.5.0", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Device CPU: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("GPU: cuda13 package ", lines[^1], StringComparison.Ordinal);
        Assert.Contains("NVIDIA driver ", lines[^1], StringComparison.Ordinal);
        Assert.Contains("CUDA 13 runtime ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_librarys_log_goes_to_ours()
    {
        using var log = new LineLog();
        using (var loader = LlamaEngineLoader.Open(new LlamaEngineOptions(), log))
        {
            Assert.Throws<EngineLoadException>(() => Load(Chat with { WeightsPath = Junk() }, loader));
            loader.Dispose();
            await loader.LogEnded.WaitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains(log.Lines("llama.cpp"), line => line.Contains("magic", StringComparison.Ordinal));
    }

    [Fact]
    public void A_registered_engine_is_resolved_once_and_disposed_with_its_host()
    {
        using var provider = new ServiceCollection().AddLogging().AddLlamaEngine().BuildServiceProvider();

        var loader = provider.GetRequiredService<IEngineLoader>();

        Assert.Same(loader, provider.GetRequiredService<IEngineLoader>());
    }

    [Fact]
    public void A_library_that_cannot_be_used_is_told_when_the_engine_is_resolved()
    {
        using var provider = new ServiceCollection()
            .AddLogging()
            .AddLlamaEngine(options => options.LibraryPath = _folder)
            .BuildServiceProvider();

        var failure = Assert.Throws<EngineLoadException>(provider.GetRequiredService<IEngineLoader>);

        Assert.Contains(_folder, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_with_the_reason() =>
        Assert.Contains(
            "magic",
            Assert.Throws<EngineLoadException>(() => Load(Chat with { WeightsPath = Junk() }, _loader)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_chat_model_cannot_embed_and_an_encoder_cannot_chat()
    {
        var chat = Assert.Throws<EngineLoadException>(() => Load(Chat with { Embedding = true }, _loader));
        var embed = Assert.Throws<EngineLoadException>(
            () => Load(Chat with { WeightsPath = NativeModels.EmbedPath }, _loader));

        Assert.Contains("pool", chat.Message, StringComparison.Ordinal);
        Assert.Contains("does not generate text", embed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_beyond_reason_is_refused_before_anything_is_allocated() =>
        Assert.Throws<EngineLoadException>(() => Load(Chat with { ContextTokens = int.MaxValue }, _loader));

    [Fact]
    public void Sizes_that_mean_nothing_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { ContextTokens = 0 }, _loader));
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { SlotCount = 0 }, _loader));
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { SlotCount = 257 }, _loader));
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { BatchTokens = -1 }, _loader));
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { ThreadCount = -1 }, _loader));
        Assert.ThrowsAny<ArgumentException>(() => Load(Chat with { WeightsPath = "" }, _loader));
    }

    [Fact]
    public void A_cancelled_load_ends()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => _loader.Load(Chat, null, cancellation.Token));
    }

    [Fact]
    public void A_file_that_is_read_and_one_that_is_mapped_answer_alike()
    {
        foreach (var mapped in (bool?[])[true, false, null])
        {
            using var engine = Load(Chat with { MemoryMapped = mapped, MainGpu = 3, GpuLayerCount = 2 }, _loader);

            Assert.Equal(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, 0));
        }
    }

    private static LoadSpecification Chat { get; } =
        new() { WeightsPath = NativeModels.ChatPath, ContextTokens = 256, SlotCount = 1 };

    private static IEngine Load(LoadSpecification specification, LlamaEngineLoader loader) =>
        loader.Load(specification, null, TestContext.Current.CancellationToken);

    private string Junk()
    {
        var path = Path.Combine(_folder, "junk.gguf");
        File.WriteAllText(path, "This is not a model.");
        return path;
    }
}
