using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library;

public sealed class LocalLibraryTests : IDisposable
{
    private readonly Store _store = new();
    private readonly LocalLibrary _library;

    public LocalLibraryTests() => _library = new LocalLibrary(
        _store.Manifests,
        _store.Writer,
        new ModelFiles(_store.Blobs, _store.Headers, NullLogger<ModelFiles>.Instance),
        ModelSummariesTests.Create(_store),
        Options.Create(new LocalLibraryOptions()),
        NullLogger<LocalLibrary>.Instance);

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task An_unknown_model_is_null()
    {
        Assert.Null(await _library.FindAsync(Store.Name("nope"), Aborted));
        Assert.Null(await _library.ShowAsync(Store.Name("nope"), new ReportRequest { ArraysIncluded = true }, Aborted));
        Assert.Empty(await _library.ListAsync(Aborted));
    }

    [Fact]
    public async Task Every_layer_reaches_the_description()
    {
        await AddAsync(
            "full", GgufBuilder.Model(), new ModelConfig { Renderer = "r", Parser = "p", Requires = "0.9.0" },
            (MediaTypes.System, "Be brief."),
            (MediaTypes.Template, "{{ .Prompt }}"),
            (MediaTypes.Parameters, """{"temperature":0.5,"stop":["a","b"]}"""),
            (MediaTypes.Messages, """[{"role":"User","content":"Hi"},{"role":"assistant","content":"Ho"}]"""),
            (MediaTypes.License, "One"), (MediaTypes.License, "Two"));

        var model = await _library.FindAsync(Store.Name("FULL"), Aborted);
        Assert.NotNull(model);
        Assert.Equal("full:latest", model.Name.DisplayName);
        Assert.Equal(("Be brief.", "{{ .Prompt }}"), (model.System, model.Template));
        Assert.Equal(("r", "p"), (model.Renderer, model.Parser));
        Assert.Equal("0.5", model.Parameters["temperature"].GetRawText());
        Assert.Equal(
            [("user", "Hi"), ("assistant", "Ho")],
            model.Messages.Select(message => (message.Role, message.Content)));
        Assert.Equal([ModelCapability.Completion], model.Capabilities);
        Assert.Equal(("gguf", "llama", "32", "F16"), (
            model.Details.Format, model.Details.Family, model.Details.ParameterSize, model.Details.QuantizationLevel));

        var report = await _library.ShowAsync(Store.Name("full"), new ReportRequest(), Aborted);
        Assert.NotNull(report);
        Assert.Equal(("One\nTwo", "Be brief.", "0.9.0"), (report.License, report.System, report.Requires));
        Assert.Contains($"FROM {_store.Paths.Blob(model.Weights)}\n", report.Modelfile, StringComparison.Ordinal);
        Assert.Contains("PARAMETER stop b", report.Modelfile, StringComparison.Ordinal);
        Assert.Contains("temperature                    0.5", report.Parameters, StringComparison.Ordinal);
        Assert.Equal(["token_embd.weight", "output_norm.weight"], report.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public async Task What_is_asked_for_stands_in_the_Modelfile_and_changes_no_parameter_of_the_model()
    {
        await AddAsync(
            "plain", GgufBuilder.Model(), new ModelConfig(),
            (MediaTypes.System, "Be brief."), (MediaTypes.Parameters, """{"temperature":0.5,"stop":["a","b"]}"""));
        var request = new ReportRequest
        {
            System = "Be long.",
            Parameters = new Dictionary<string, JsonElement>
            {
                ["stop"] = JsonElement.Parse("""["c"]"""),
                ["top_k"] = JsonElement.Parse("7"),
            },
        };

        var report = await _library.ShowAsync(Store.Name("plain"), request, Aborted);

        Assert.Equal("Be long.", report!.System);
        Assert.EndsWith(
            "\nSYSTEM Be long.\nPARAMETER stop c\nPARAMETER temperature 0.5\nPARAMETER top_k 7\n", report.Modelfile,
            StringComparison.Ordinal);
        Assert.Contains("\"b\"", report.Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("top_k", report.Parameters, StringComparison.Ordinal);
        Assert.Equal("Be brief.", (await _library.FindAsync(Store.Name("plain"), Aborted))!.System);
        var own = await _library.ShowAsync(Store.Name("plain"), new ReportRequest(), Aborted);
        Assert.Contains("\nSYSTEM Be brief.\n", own!.Modelfile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_another_server_is_listed_and_refused()
    {
        var config = new ModelConfig { RemoteHost = "https://ollama.com:443", RemoteModel = "big" };
        await _store.Writer.WriteAsync(
            Store.Name("stub"),
            new Manifest { Config = await _store.AddAsync(MediaTypes.Config, config.ToJson(), Aborted) },
            claim: null, Aborted);

        var listed = Assert.Single(await _library.ListAsync(Aborted));
        Assert.Equal(("https://ollama.com:443", "big"), (listed.RemoteHost, listed.RemoteModel));
        foreach (var read in new Func<Task>[]
        {
            () => _library.FindAsync(Store.Name("stub"), Aborted),
            () => _library.ShowAsync(Store.Name("stub"), new ReportRequest(), Aborted),
        })
        {
            var failure = await Assert.ThrowsAsync<ModelException>(read);
            Assert.Equal(ModelErrorCode.ModelRemote, failure.Refusal.Code);
        }
    }

    [Theory]
    [InlineData(null, null, "Completion")]
    [InlineData("{{ tools }}", null, "Tools,Completion")]
    [InlineData("<think></think>", null, "Thinking,Completion")]
    [InlineData("x.split('</think>')[1]", null, "Thinking,Completion")]
    [InlineData("x.split('</think>')[1] reasoning_content", null, "Completion")]
    [InlineData("<think>", null, "Completion")]
    [InlineData(null, "{{ .Tools }}{{ .Suffix }}{{ .Thinking }}", "Completion,Tools,Insert")]
    [InlineData(null, "{{ range .Messages }}<t>{{ .Thinking }}</t>{{ end }}", "Completion,Thinking")]
    [InlineData(null, "{{ .Tools", "Completion")]
    [InlineData("{{ tools }}", "{{ .Tools }}", "Completion,Tools")]
    [InlineData("{{ tools }}<think></think>", "{{ .Tools }}", "Tools,Thinking,Completion")]
    [InlineData("{{ tools }}<think></think>", "{{ .Prompt }}", "Tools,Thinking,Completion")]
    [InlineData("{{ messages }}", "{{ .Suffix }}", "Completion,Insert")]
    public async Task Capabilities_follow_the_templates(string? jinja, string? go, string expected)
    {
        var weights = jinja is null ? GgufBuilder.Model() : GgufBuilder.Model().Add("tokenizer.chat_template", jinja);
        (string, string)[] layers = go is null ? [] : [(MediaTypes.Template, go)];
        await AddAsync("model", weights, new ModelConfig(), layers);

        Assert.Equal(expected, await CapabilitiesAsync("model"));
        Assert.Equal(expected, string.Join(',', (await _library.ListAsync(Aborted))[0].Capabilities));
    }

    [Fact]
    public async Task Capabilities_follow_the_weights_the_config_and_the_projector()
    {
        var fim = GgufBuilder.Model().Add("tokenizer.ggml.fim_pre_token_id", 0u)
            .Add("tokenizer.ggml.fim_suf_token_id", 1u).Add("tokenizer.ggml.fim_mid_token_id", 2u);
        await AddAsync("fim", fim, new ModelConfig { Capabilities = ["thinking", "7", "", "flying"] });
        await AddAsync("fim-go", fim, new ModelConfig(), (MediaTypes.Template, "{{ .Prompt }}"));
        await AddAsync("oss", GgufBuilder.Model(), new ModelConfig { Family = "gptoss" });
        await AddAsync("embed", GgufBuilder.Model().Add("llama.pooling_type", 1u), new ModelConfig());
        var projector = new GgufBuilder().Add("clip.has_audio_encoder", true).Build();
        await AddAsync(
            "vision", GgufBuilder.Model().Add("llama.vision.block_count", 1u), new ModelConfig(),
            (MediaTypes.Projector, Encoding.Latin1.GetString(projector)));

        Assert.Equal("Thinking,Completion,Insert", await CapabilitiesAsync("fim"));
        Assert.Equal("Completion", await CapabilitiesAsync("fim-go"));
        Assert.Equal("Completion,Thinking", await CapabilitiesAsync("oss"));
        Assert.Equal("Embedding", await CapabilitiesAsync("embed"));
        Assert.Equal("Completion,Vision,Audio", await CapabilitiesAsync("vision"));
        var report = await _library.ShowAsync(Store.Name("vision"), new ReportRequest(), Aborted);
        Assert.Equal(JsonValueKind.True, report!.ProjectorMetadata!["clip.has_audio_encoder"].ValueKind);
    }

    [Fact]
    public async Task A_missing_blob_is_named_and_the_model_stays_listed()
    {
        var manifest = await AddAsync("model", GgufBuilder.Model(), new ModelConfig { Family = "llama" });
        File.Delete(_store.Paths.Blob(manifest.Manifest.Layers[0].Digest));

        var failure = await Assert.ThrowsAsync<ModelException>(() => _library.FindAsync(Store.Name("model"), Aborted));
        Assert.Equal(ModelErrorCode.BlobMissing, failure.Refusal.Code);
        Assert.Equal(manifest.Manifest.Layers[0].Digest.ToString(), failure.Refusal.Detail);
        var summary = Assert.Single(await _library.ListAsync(Aborted));
        Assert.Equal(("llama", ""), (summary.Details.Family, summary.Details.ParameterSize));

        File.Delete(_store.Paths.Blob(manifest.Manifest.Config.Digest));
        await Assert.ThrowsAsync<ModelException>(
            () => _library.ShowAsync(Store.Name("model"), new ReportRequest(), Aborted));
    }

    [Fact]
    public async Task A_damaged_model_file_is_refused_with_what_was_found()
    {
        await AddAsync("model", GgufBuilder.Model().Add("llama.block_count", 0u), new ModelConfig());

        var failure = await Assert.ThrowsAsync<ModelException>(() => _library.FindAsync(Store.Name("model"), Aborted));

        Assert.Equal(ModelErrorCode.ModelFileInvalid, failure.Refusal.Code);
        Assert.Contains("'llama.block_count' is 0", failure.Refusal.Detail, StringComparison.Ordinal);
        Assert.Single(await _library.ListAsync(Aborted));
    }

    [Theory]
    [InlineData(MediaTypes.Parameters, "[1]")]
    [InlineData(MediaTypes.Parameters, "{")]
    [InlineData(MediaTypes.Messages, "{}")]
    public async Task A_damaged_layer_is_refused_and_left_out_of_the_list(string mediaType, string content)
    {
        await AddAsync("bad", GgufBuilder.Model(), new ModelConfig(), (mediaType, content));
        await AddAsync("good", GgufBuilder.Model(), new ModelConfig());

        var failure = await Assert.ThrowsAsync<ModelException>(() => _library.FindAsync(Store.Name("bad"), Aborted));

        Assert.Equal(ModelErrorCode.ModelFileInvalid, failure.Refusal.Code);
        Assert.Equal("good:latest", Assert.Single(await _library.ListAsync(Aborted)).Name.DisplayName);
    }

    [Fact]
    public async Task A_model_whose_texts_are_too_long_together_is_refused_and_left_out_of_the_list()
    {
        var license = (MediaTypes.License, new string('x', 1024 * 1024));
        await AddAsync("long", GgufBuilder.Model(), new ModelConfig(), [.. Enumerable.Repeat(license, 16)]);
        await AddAsync("good", GgufBuilder.Model(), new ModelConfig(), [.. Enumerable.Repeat(license, 15)]);

        var failure = await Assert.ThrowsAsync<ModelException>(
            () => _library.ShowAsync(Store.Name("long"), new ReportRequest(), Aborted));

        Assert.Equal(
            (ModelErrorCode.ModelFileInvalid, "Its texts and settings are longer than 16777216 bytes together."),
            (failure.Refusal.Code, failure.Refusal.Detail));
        Assert.Equal("good:latest", Assert.Single(await _library.ListAsync(Aborted)).Name.DisplayName);
    }

    [Fact]
    public async Task A_model_without_weights_is_refused_but_listed()
    {
        var config = await _store.AddAsync(
            MediaTypes.Config, new ModelConfig { Format = "safetensors" }.ToJson(), Aborted);
        await _store.Manifests.WriteAsync(Store.Name("stub"), new Manifest { Config = config }, Aborted);

        var failure = await Assert.ThrowsAsync<ModelException>(() => _library.FindAsync(Store.Name("stub"), Aborted));

        Assert.Equal(ModelErrorCode.Unsupported, failure.Refusal.Code);
        Assert.Equal("safetensors", Assert.Single(await _library.ListAsync(Aborted)).Details.Format);
    }

    [Fact]
    public async Task A_name_that_changes_is_followed_at_once_and_two_names_share_one_manifest()
    {
        var first = await AddAsync("one", GgufBuilder.Model(), new ModelConfig());
        await _store.Manifests.WriteAsync(Store.Name("two"), first.Bytes, Aborted);
        var (one, two) = (
            await _library.FindAsync(Store.Name("one"), Aborted), await _library.FindAsync(Store.Name("two"), Aborted));
        Assert.Equal(("one:latest", "two:latest"), (one!.Name.DisplayName, two!.Name.DisplayName));
        Assert.Equal(one.Weights, two.Weights);

        await AddAsync("one", GgufBuilder.Model().Add("llama.context_length", 64u), new ModelConfig());
        var changed = await _library.FindAsync(Store.Name("one"), Aborted);
        Assert.Equal(64, changed!.WeightsDescription.ContextTokensTrained);
    }

    private async Task<string> CapabilitiesAsync(string name) =>
        string.Join(',', (await _library.FindAsync(Store.Name(name), Aborted))!.Capabilities);

    private async Task<StoredManifest> AddAsync(
        string name, GgufBuilder weights, ModelConfig config, params (string MediaType, string Content)[] layers)
    {
        var stored = new List<Layer> { await _store.AddAsync(MediaTypes.Model, weights.Build(), Aborted) };
        foreach (var (mediaType, content) in layers)
        {
            stored.Add(await _store.AddAsync(mediaType, Encoding.Latin1.GetBytes(content), Aborted));
        }

        return await _store.Manifests.WriteAsync(
            Store.Name(name),
            new Manifest
            {
                Config = await _store.AddAsync(MediaTypes.Config, config.ToJson(), Aborted),
                Layers = stored,
            },
            Aborted);
    }
}
