using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.Architecture;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library;

public sealed class ShippedModelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_shipped_models_are_there_after_the_first_start()
    {
        await using var services = await StartAsync();
        var library = services.GetRequiredService<ILibrary>();

        var models = await library.ListAsync(Aborted);
        Assert.Equal(["tiny-chat:latest", "tiny-embed:latest"], models.Select(model => model.Name.DisplayName).Order());

        var chat = await library.FindAsync(Store.Name("tiny-chat"), Aborted);
        Assert.NotNull(chat);
        Assert.Equal("llama", chat.Details.Family);
        Assert.Equal("2.75M", chat.Details.ParameterSize);
        Assert.Equal("F16", chat.Details.QuantizationLevel);
        Assert.Equal(
            [ModelCapability.Tools, ModelCapability.Thinking, ModelCapability.Completion, ModelCapability.Insert],
            chat.Capabilities);
        var weights = chat.WeightsDescription;
        Assert.Equal((2048, 1536), (weights.ContextTokensTrained, weights.VocabularySize));
        Assert.Equal((4, 256), (weights.LayerCount, weights.EmbeddingLength));
        Assert.Equal((8L, 64, 64), (weights.KeyValueHeadCount, weights.KeyLength, weights.ValueLength));
        Assert.Equal(("<|im_end|>", false), (weights.EosToken, weights.AddsBosToken));
        Assert.Equal(
            ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
            (weights.FimPrefixToken, weights.FimSuffixToken, weights.FimMiddleToken));
        Assert.StartsWith("{%", weights.ChatTemplate, StringComparison.Ordinal);

        var embed = await library.FindAsync(Store.Name("tiny-embed"), Aborted);
        Assert.NotNull(embed);
        Assert.Equal([ModelCapability.Embedding], embed.Capabilities);
        Assert.True(embed.WeightsDescription is { HasPooling: true, AddsBosToken: true, AddsEosToken: true });
        Assert.Equal("923K", embed.Details.ParameterSize);
    }

    [Fact]
    public async Task A_deleted_shipped_model_stays_deleted()
    {
        await using (var first = await StartAsync())
        {
            Assert.True(first.GetRequiredService<ManifestFiles>().Delete(Store.Name("tiny-chat")));
        }

        await using var second = await StartAsync();
        var models = await second.GetRequiredService<ILibrary>().ListAsync(Aborted);
        Assert.Equal(["tiny-embed:latest"], models.Select(model => model.Name.DisplayName));
    }

    [Fact]
    public async Task A_model_of_the_same_name_is_left_as_it_is()
    {
        var mine = Path.Combine(_folder.Path, "manifests/registry.ollama.ai/library/Tiny-Chat/latest");
        Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
        await File.WriteAllTextAsync(mine, "{}", Aborted);

        await using var services = await StartAsync();

        Assert.Equal("{}", await File.ReadAllTextAsync(mine, Aborted));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "manifests/registry.ollama.ai/library/tiny-chat")));
    }

    [Fact]
    public async Task Nothing_is_registered_when_switched_off()
    {
        await using var services = await StartAsync(shipped: false);
        Assert.Empty(await services.GetRequiredService<ILibrary>().ListAsync(Aborted));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Everything_about_a_shipped_model_is_shown()
    {
        await using var services = await StartAsync();
        var library = services.GetRequiredService<ILibrary>();

        var report = await library.ShowAsync(Store.Name("Tiny-Chat:LATEST"), new ReportRequest(), Aborted);

        Assert.NotNull(report);
        Assert.StartsWith("MIT License", report.License, StringComparison.Ordinal);
        Assert.Equal("llama", report.Metadata["general.architecture"].GetString());
        Assert.Equal(2754816, report.Metadata["general.parameter_count"].GetInt64());
        Assert.Equal(JsonValueKind.Null, report.Metadata["tokenizer.ggml.tokens"].ValueKind);
        Assert.DoesNotContain("tokenizer.chat_template", report.Metadata.Keys);
        Assert.DoesNotContain("general.name", report.Metadata.Keys);
        var tensor = Assert.Single(report.Tensors, tensor => tensor.Name == "token_embd.weight");
        Assert.Equal(("F16", 256L, 1536L), (tensor.Type, tensor.Shape[0], tensor.Shape[1]));

        var verbose = await library.ShowAsync(
            Store.Name("tiny-chat"), new ReportRequest { ArraysIncluded = true }, Aborted);
        Assert.Equal(1536, verbose!.Metadata["tokenizer.ggml.tokens"].GetArrayLength());
    }

    private async Task<ServiceProvider> StartAsync(bool shipped = true)
    {
        var models = Path.Combine(SourceTree.Root, "models");
        var services = new ServiceCollection()
            .AddLogging()
            .AddBlobStore(options => options.Directory = _folder.Path)
            .AddLocalLibrary(options => options.ShippedModelsDirectory = shipped ? models : null)
            .BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(Aborted);
        }

        return services;
    }
}
