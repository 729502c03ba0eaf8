using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Library.Creation;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library.Creation;

public sealed class ModelCreationTests : IDisposable
{
    private readonly Workshop _workshop = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public async Task A_file_becomes_a_model_step_by_step()
    {
        var file = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());

        var said = await _workshop.RunAsync(Workshop.Request("new") with { Files = [file], System = "Be brief." });

        var manifest = _workshop.Manifest("new");
        Assert.Equal(
            [
                "parsing GGUF", "validating GGUF model", $"using existing layer {file.Digest}",
                $"creating new layer {manifest.Manifest.Layers[1].Digest}", "writing manifest", "success",
            ],
            said);
        var config = ModelConfig.Parse(await File.ReadAllBytesAsync(
            _workshop.Store.Paths.Blob(manifest.Manifest.Config.Digest), Aborted));
        Assert.Equal(
            ("gguf", "llama", "32", "F16"), (config.Format, config.Family, config.ParameterSize, config.FileType));
        Assert.Equal(["llama"], config.Families!);
        Assert.Equal("Be brief.", (await _workshop.Library.FindAsync(Store.Name("new"), Aborted))!.System);
    }

    [Fact]
    public async Task A_model_begins_with_another_and_shares_its_layers()
    {
        await _workshop.MakeAsync("base", Workshop.Request("x") with
        {
            Template = "{{ .Prompt }}",
            System = "old",
            Renderer = "lfm2",
            Requires = "0.9.0",
            Licenses = ["MIT"],
            Parameters = Parameters("""{"temperature":0.5,"stop":["<a>"]}"""),
            Messages = [new ChatMessage { Role = "user", Content = "Hi" }],
            Claims = new ModelClaims { Capabilities = ["thinking"], ParameterSize = "9B" },
        });

        await _workshop.RunAsync(Workshop.Request("new") with
        {
            From = Store.Name("BASE"),
            System = "new",
            Licenses = ["MIT", "GPL"],
            Parameters = Parameters("""{"temperature":1,"top_k":3}"""),
        });

        var (old, made) = (_workshop.Manifest("base"), _workshop.Manifest("new"));
        Assert.Equal(old.Find(MediaTypes.Model)!.Digest, made.Find(MediaTypes.Model)!.Digest);
        Assert.Equal("base:latest", made.Find(MediaTypes.Model)!.From);
        var model = (await _workshop.Library.FindAsync(Store.Name("new"), Aborted))!;
        Assert.Equal(("{{ .Prompt }}", "new", "lfm2"), (model.Template, model.System, model.Renderer));
        Assert.Equal(["Hi"], model.Messages.Select(message => message.Content));
        Assert.Equal("base:latest", model.Details.ParentModel);
        Assert.Contains(ModelCapability.Thinking, model.Capabilities);
        Assert.Equal("32", model.Details.ParameterSize);
        Assert.Equal(
            "{\"stop\":[\"\\u003ca\\u003e\"],\"temperature\":1,\"top_k\":3}\n",
            _workshop.Text(made, MediaTypes.Parameters));
        Assert.Equal(
            ["MIT", "GPL"],
            made.FindAll(MediaTypes.License)
                .Select(layer => File.ReadAllText(_workshop.Store.Paths.Blob(layer.Digest))));
        var shown = await _workshop.Library.ShowAsync(Store.Name("new"), new ReportRequest(), Aborted);
        Assert.Equal("0.9.0", shown!.Requires);
    }

    [Fact]
    public async Task Making_the_same_model_twice_makes_the_same_manifest_and_no_blob()
    {
        var request = Workshop.Request("x") with { System = "s", Parameters = Parameters("""{"top_k":1}""") };
        var first = await _workshop.MakeAsync("one", request);
        var blobCount = _workshop.Store.Paths.EnumerateBlobs().Count();

        var second = await _workshop.MakeAsync("two", request);

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(blobCount, _workshop.Store.Paths.EnumerateBlobs().Count());
    }

    [Fact]
    public async Task A_model_can_be_made_of_itself_and_what_it_no_longer_needs_goes()
    {
        var old = await _workshop.MakeAsync("model", Workshop.Request("x") with { System = "old" });

        await _workshop.RunAsync(Workshop.Request("MODEL") with { From = Store.Name("model"), System = "new" });

        Assert.False(_workshop.Store.Blobs.TryGetPath(old.Find(MediaTypes.System)!.Digest, out _));
        Assert.Equal("new", (await _workshop.Library.FindAsync(Store.Name("model"), Aborted))!.System);
        Assert.Single(await _workshop.Library.ListAsync(Aborted));
    }

    [Fact]
    public async Task Adapters_and_projectors_are_told_by_what_they_are()
    {
        var projector = await _workshop.UploadAsync(
            "mmproj.gguf", new GgufBuilder().Add("general.architecture", "clip").Build());
        var model = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());
        var adapter = await _workshop.UploadAsync(
            "a.gguf", new GgufBuilder().Add("general.type", "adapter").Add("general.architecture", "llama").Build());

        await _workshop.RunAsync(Workshop.Request("new") with { Files = [projector, model], Adapters = [adapter] });

        var manifest = _workshop.Manifest("new");
        Assert.Equal(model.Digest, manifest.Find(MediaTypes.Model)!.Digest);
        Assert.Equal(projector.Digest, manifest.Find(MediaTypes.Projector)!.Digest);
        Assert.Equal(adapter.Digest, manifest.Find(MediaTypes.Adapter)!.Digest);
        await RefuseAsync(
            Workshop.Request("bad") with { Files = [model], Adapters = [model] },
            ModelErrorCode.RequestInvalid, "supplied file was not an adapter");
        await RefuseAsync(
            Workshop.Request("bad") with { Files = [model], Adapters = [adapter, projector] },
            ModelErrorCode.RequestInvalid, "supplied file was not an adapter");
        await RefuseAsync(
            Workshop.Request("bad") with { Files = [model], Adapters = [] },
            ModelErrorCode.RequestInvalid, "no files provided to convert");
    }

    [Fact]
    public async Task What_cannot_be_made_is_refused_and_changes_nothing()
    {
        var model = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());
        var text = await _workshop.UploadAsync("x", "no model"u8.ToArray());
        var missing = new CreationFile("m.gguf", Digest.Of("missing"u8));
        var request = Workshop.Request("bad");
        await RefuseAsync(
            request, ModelErrorCode.RequestInvalid, "neither 'from' or 'files' was specified");
        await RefuseAsync(
            request with { Files = [] }, ModelErrorCode.RequestInvalid, "no files provided to convert");
        await RefuseAsync(request with { Files = [text] }, ModelErrorCode.RequestInvalid, "unknown type");
        await RefuseAsync(
            request with { Files = [text with { Path = "x.gguf" }] },
            ModelErrorCode.RequestInvalid, "supplied file was not in GGUF format");
        await RefuseAsync(
            request with { Files = [missing] },
            ModelErrorCode.ModelFileInvalid, $"blob {missing.Digest} does not exist");
        await RefuseAsync(
            request with { Files = [model with { Path = "x.safetensors" }] },
            ModelErrorCode.Unsupported, "safetensors files cannot be converted by this server");
        await RefuseAsync(
            request with { From = Store.Name("nope") }, ModelErrorCode.TransferFailed,
            "pull model manifest: file does not exist");
        await RefuseAsync(
            request with { Files = [model], Quantize = "q3_x" }, ModelErrorCode.Unsupported,
            "unsupported quantization type Q3_X - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0");
        await RefuseAsync(
            request with { Files = [model], Quantize = "q8_0" }, ModelErrorCode.Unsupported,
            "weights cannot be quantized by this server");
        var broken = await _workshop.UploadAsync(
            "m.gguf", GgufBuilder.Model().Add("llama.block_count", 0u).Build());
        await RefuseAsync(
            request with { Files = [broken] }, ModelErrorCode.RequestInvalid,
            "The key 'llama.block_count' is 0; it must be between 1 and 512.");
        Assert.Empty(_workshop.Store.Manifests.List((head, _) => head, Aborted));
    }

    [Theory]
    [InlineData("renderer", "unknown renderer \"x\"")]
    [InlineData("parser", "unknown parser \"x\"")]
    [InlineData("template", "template error: ")]
    [InlineData("quantize", "unsupported quantization type X - ")]
    public async Task What_could_not_be_served_is_refused_before_weights_are_converted(string field, string detail)
    {
        _workshop.Conversions.Add(new FailingConversion());
        var request = Workshop.Request("bad") with
        {
            Files = [await _workshop.UploadAsync("model.safetensors", [1, 2, 3])],
            Renderer = field == "renderer" ? "x" : "",
            Parser = field == "parser" ? "x" : "",
            Template = field == "template" ? "{{ .Bad" : "",
            Quantize = field == "quantize" ? "x" : "",
        };

        var failure = await Assert.ThrowsAsync<ModelException>(() => _workshop.RunAsync(request));

        Assert.StartsWith(detail, failure.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_template_is_added_in_the_other_language_with_its_stops()
    {
        var request = Workshop.Request("new") with { Files = [await UploadChatMlAsync()] };

        var said = await _workshop.RunAsync(request with { Parameters = Parameters("""{"top_k":1}""") });

        Assert.Equal(["parsing GGUF", "validating GGUF model", "using autodetected template chatml"], said[..3]);
        var model = (await _workshop.Library.FindAsync(Store.Name("new"), Aborted))!;
        Assert.True(model.GoTemplateUsed);
        Assert.Contains("<|im_start|>{{ .Role }}", model.Template, StringComparison.Ordinal);
        Assert.Equal(
            "{\"stop\":[\"\\u003c|im_start|\\u003e\",\"\\u003c|im_end|\\u003e\"],\"top_k\":1}\n",
            _workshop.Text(_workshop.Manifest("new"), MediaTypes.Parameters));
    }

    [Fact]
    public async Task What_the_request_says_wins_over_a_known_template()
    {
        var request = Workshop.Request("new") with { Files = [await UploadChatMlAsync()] };

        await _workshop.RunAsync(request with
        {
            Template = "{{ .Prompt }}",
            Parameters = Parameters("""{"stop":["mine"]}"""),
        });
        var said = await _workshop.RunAsync(request with { Name = Store.Name("rendered"), Renderer = "lfm2" });
        var copied = await _workshop.RunAsync(Workshop.Request("copy") with { From = Store.Name("rendered") });

        var model = (await _workshop.Library.FindAsync(Store.Name("new"), Aborted))!;
        Assert.Equal(("{{ .Prompt }}", "[\"mine\"]"), (model.Template, model.Parameters["stop"].GetRawText()));
        Assert.DoesNotContain("using autodetected template chatml", said.Concat(copied));
    }

    [Fact]
    public async Task Weights_are_quantized_once_and_only_from_whole_numbers_of_bits()
    {
        var quantization = new Requantizer();
        _workshop.Quantizations.Add(quantization);
        var model = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());

        var said = await _workshop.RunAsync(Workshop.Request("small") with { Files = [model], Quantize = "q4_k" });
        Assert.Contains("quantizing F16 model to Q4_K_M", said);
        Assert.Equal("Q4_K_M", quantization.Type);
        Assert.Equal(
            "Q4_K_M", (await _workshop.Library.FindAsync(Store.Name("small"), Aborted))!.Details.QuantizationLevel);

        said = await _workshop.RunAsync(
            Workshop.Request("same") with { From = Store.Name("small"), Quantize = "Q4_K_M" });
        Assert.DoesNotContain(said, status => status.StartsWith("quantizing", StringComparison.Ordinal));
        await RefuseAsync(
            Workshop.Request("bad") with { From = Store.Name("small"), Quantize = "Q8_0" },
            ModelErrorCode.Unsupported, "quantization is only supported for F16, BF16 and F32 models");
    }

    [Fact]
    public async Task A_draft_model_is_a_layer_of_its_own_and_is_quantized_alone()
    {
        var quantization = new Requantizer();
        _workshop.Quantizations.Add(quantization);
        var model = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());
        var draft = await _workshop.UploadAsync("d.gguf", GgufBuilder.Model("qwen2").Build());
        var request = Workshop.Request("fast") with { Files = [model], DraftFiles = [draft] };

        await _workshop.RunAsync(request);
        var found = (await _workshop.Library.FindAsync(Store.Name("fast"), Aborted))!;
        Assert.Equal(draft.Digest, found.Draft!.Weights);
        Assert.Equal("qwen2", found.Draft.Description.Architecture);
        Assert.Equal(["llama"], found.Details.Families!);
        Assert.Contains(
            $"DRAFT {_workshop.Store.Paths.Blob(draft.Digest)}\n",
            (await _workshop.Library.ShowAsync(Store.Name("fast"), new ReportRequest(), Aborted))!.Modelfile,
            StringComparison.Ordinal);

        var said = await _workshop.RunAsync(request with { Name = Store.Name("small"), DraftQuantize = "q4_k_m" });
        Assert.Contains("quantizing F16 draft model to Q4_K_M", said);
        var small = (await _workshop.Library.FindAsync(Store.Name("small"), Aborted))!;
        Assert.Equal((model.Digest, "F16"), (small.Weights, small.Details.QuantizationLevel));
        Assert.NotEqual(draft.Digest, small.Draft!.Weights);

        // A model that begins with it has the same one; another takes its place.
        await _workshop.RunAsync(Workshop.Request("same") with { From = Store.Name("fast") });
        Assert.Equal(
            found.Draft, (await _workshop.Library.FindAsync(Store.Name("same"), Aborted))!.Draft);
        await _workshop.RunAsync(Workshop.Request("other") with { From = Store.Name("fast"), DraftFiles = [model] });
        Assert.Equal(
            model.Digest, (await _workshop.Library.FindAsync(Store.Name("other"), Aborted))!.Draft!.Weights);

        await RefuseAsync(
            Workshop.Request("bad") with { From = Store.Name("fast"), DraftQuantize = "Q8_0" },
            ModelErrorCode.RequestInvalid, "--draft-quantize requires a DRAFT model");
        await RefuseAsync(
            Workshop.Request("bad") with { Files = [model], DraftFiles = [draft], DraftQuantize = "q3_x" },
            ModelErrorCode.Unsupported,
            "unsupported quantization type Q3_X - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0");
    }

    [Fact]
    public async Task A_model_whose_draft_model_is_gone_is_refused()
    {
        var model = await _workshop.UploadAsync("m.gguf", GgufBuilder.Model().Build());
        var draft = await _workshop.UploadAsync("d.gguf", GgufBuilder.Model("qwen2").Build());
        await _workshop.RunAsync(Workshop.Request("fast") with { Files = [model], DraftFiles = [draft] });
        File.Delete(_workshop.Store.Paths.Blob(draft.Digest));

        var failure = await Assert.ThrowsAsync<ModelException>(
            () => _workshop.Library.FindAsync(Store.Name("fast"), Aborted));
        Assert.Equal(
            new Refusal(ModelErrorCode.BlobMissing, "fast:latest", draft.Digest.ToString()), failure.Refusal);
    }

    [Fact]
    public async Task A_failed_conversion_leaves_no_file()
    {
        _workshop.Conversions.Add(new FailingConversion());
        var file = await _workshop.UploadAsync("model.safetensors", [1, 2, 3]);
        var before = Directory.GetFiles(_workshop.Store.Paths.Blobs);

        await RefuseAsync(Workshop.Request("bad") with { Files = [file] }, ModelErrorCode.RequestInvalid, "no");

        Assert.Equal(before, Directory.GetFiles(_workshop.Store.Paths.Blobs));
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_work()
    {
        var conversion = new EndlessConversion();
        _workshop.Conversions.Add(conversion);
        var file = await _workshop.UploadAsync("model.safetensors", [1, 2, 3]);
        var before = Directory.GetFiles(_workshop.Store.Paths.Blobs);

        await foreach (var step in _workshop.Creation.CreateAsync(
            Workshop.Request("new") with { Files = [file] }, Aborted))
        {
            Assert.Equal("converting model", step.Status);
            break;
        }

        Assert.True(conversion.Ended || !conversion.Begun, "The conversion went on.");
        Assert.Equal(before, Directory.GetFiles(_workshop.Store.Paths.Blobs));
    }

    private Task<CreationFile> UploadChatMlAsync() => _workshop.UploadAsync(
        "m.gguf",
        GgufBuilder.Model().Add(
            "tokenizer.chat_template",
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}").Build());

    private async Task RefuseAsync(CreationRequest request, ModelErrorCode code, string? detail)
    {
        var failure = await Assert.ThrowsAsync<ModelException>(() => _workshop.RunAsync(request));
        Assert.Equal((code, detail), (failure.Refusal.Code, failure.Refusal.Detail));
        Assert.Null(_workshop.Store.Manifests.Read(request.Name));
    }

    private static Dictionary<string, JsonElement> Parameters(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value);

    private sealed class Requantizer : IWeightsQuantization
    {
        public string? Type { get; private set; }

        public async Task QuantizeAsync(
            string sourcePath, string targetPath, string type, Action<long> progress,
            CancellationToken cancellationToken)
        {
            Type = type;
            progress(1);
            await File.WriteAllBytesAsync(
                targetPath, GgufBuilder.Model().Add("general.file_type", 15u).Build(), cancellationToken);
        }
    }

    private sealed class FailingConversion : IWeightsConversion
    {
        public async Task ConvertAsync(
            ConversionSource source, string targetPath, StepReport report, CancellationToken cancellationToken)
        {
            await File.WriteAllTextAsync(targetPath, "half", cancellationToken);
            throw new ModelException(ModelErrorCode.RequestInvalid, detail: "no");
        }
    }

    private sealed class EndlessConversion : IWeightsConversion
    {
        public bool Begun { get; private set; }

        public bool Ended { get; private set; }

        public async Task ConvertAsync(
            ConversionSource source, string targetPath, StepReport report, CancellationToken cancellationToken)
        {
            Begun = true;
            try
            {
                await File.WriteAllTextAsync(targetPath, "half", cancellationToken);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Ended = true;
            }
        }
    }
}
