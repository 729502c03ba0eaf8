using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library.Creation;

public sealed class ModelfileCreationTests : IDisposable
{
    private readonly Workshop _workshop = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public async Task What_show_returns_makes_the_same_model_again()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var original = await _workshop.MakeAsync("original", new CreationRequest
            {
                Name = Store.Name("original"),
                Template = Maybe(random),
                System = Maybe(random),
                Renderer = random.Next(2) == 0 ? "" : "lfm2",
                Requires = random.Next(2) == 0 ? "" : "0.14.0",
                Licenses = [.. Enumerable.Range(0, random.Next(3)).Select(index => Text(random) + index)],
                Messages = [.. Enumerable.Range(0, random.Next(3)).Select(
                    index => new ChatMessage { Role = "user", Content = Text(random) + index })],
                Parameters = Parameters(random),
                Adapters = random.Next(3) is var count and > 0 ? await UploadAdaptersAsync(count) : null,
            });
            var shown = await _workshop.Library.ShowAsync(Store.Name("original"), new ReportRequest(), Aborted);

            await _workshop.RunAsync(Workshop.Request("again") with { Modelfile = shown!.Modelfile });

            var again = _workshop.Manifest("again");
            Assert.Equal(Layers(original), Layers(again));
            Assert.True(original.Manifest.Config.Digest == again.Manifest.Config.Digest, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_version_that_is_none_is_refused_since_no_Modelfile_could_say_it()
    {
        await _workshop.MakeAsync("base");
        var failure = await Assert.ThrowsAsync<ModelException>(() => _workshop.RunAsync(
            Workshop.Request("model") with { From = Store.Name("base"), Requires = "tomorrow" }));
        Assert.Equal(
            (ModelErrorCode.RequestInvalid, "requires must be a valid semver (e.g. 0.14.0)"),
            (failure.Refusal.Code, failure.Refusal.Detail));

        await _workshop.RunAsync(
            Workshop.Request("model") with { From = Store.Name("base"), Requires = "v0.14.0" });
        var shown = await _workshop.Library.ShowAsync(Store.Name("model"), new ReportRequest(), Aborted);
        Assert.Equal("0.14.0", shown!.Requires);
    }

    [Theory]
    [InlineData("FROM /etc/passwd")]
    [InlineData("FROM ../../blobs/sha256-0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("FROM base\nADAPTER /root/a.gguf")]
    [InlineData("FROM base\nPARAMETER nonsense 1")]
    [InlineData("FROM base\nPARAMETER temperature hot")]
    [InlineData("FROM base\nREQUIRES tomorrow")]
    [InlineData("SYSTEM x")]
    [InlineData("FROM base\nSYSTEM \"\"\"x")]
    [InlineData("FROM base\nJUMP x")]
    public async Task A_text_that_is_none_or_reaches_for_files_is_refused(string modelfile)
    {
        await _workshop.MakeAsync("base");
        var failure = await Assert.ThrowsAsync<ModelException>(
            () => _workshop.RunAsync(Workshop.Request("bad") with { Modelfile = modelfile }));
        Assert.Equal(ModelErrorCode.RequestInvalid, failure.Refusal.Code);
        Assert.Null(_workshop.Store.Manifests.Read(Store.Name("bad")));
    }

    [Fact]
    public async Task An_uploaded_blob_is_named_by_its_digest()
    {
        var file = await _workshop.UploadAsync("", GgufBuilder.Model().Build());
        await _workshop.RunAsync(Workshop.Request("new") with
        {
            Modelfile = $"FROM @{file.Digest}\nPARAMETER temperature 0.7\nPARAMETER stop \"a b\"\nSYSTEM from the text",
            System = "from the field",
        });

        var model = (await _workshop.Library.FindAsync(Store.Name("new"), Aborted))!;
        Assert.Equal("from the field", model.System);
        Assert.Equal(
            "{\"stop\":[\"a b\"],\"temperature\":0.7}\n",
            _workshop.Text(_workshop.Manifest("new"), MediaTypes.Parameters));
    }

    private static IEnumerable<string> Layers(StoredManifest manifest) =>
        manifest.Manifest.Layers.Select(layer => $"{layer.MediaType} {layer.Digest}").Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<CreationFile>> UploadAdaptersAsync(int count)
    {
        var files = new List<CreationFile>();
        for (var index = 0; index < count; index++)
        {
            files.Add(await _workshop.UploadAsync($"{index}.gguf", new GgufBuilder()
                .Add("general.type", "adapter").Add("general.architecture", "llama").Add("number", (uint)index)
                .Build()));
        }

        return files;
    }

    private static string Maybe(Random random) => random.Next(3) == 0 ? "" : Text(random);

    /// <summary>A text of what Modelfiles trip over, but for three quotes at the end of an inner line.</summary>
    private static string Text(Random random)
    {
        string[] pieces =
        [
            "a", " ", "\n", "\"", "#", "FROM x", "\t", "é", "\u200b", "{{ .Prompt }}", "\\", "\r\n", "'",
        ];
        var text = string.Concat(
            Enumerable.Range(0, 1 + random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
        return text.Replace("\"\"", "\"x", StringComparison.Ordinal) + (random.Next(2) == 0 ? "." : " ");
    }

    private static Dictionary<string, JsonElement> Parameters(Random random)
    {
        var parameters = new Dictionary<string, JsonElement>();
        if (random.Next(2) == 0)
        {
            parameters["temperature"] = JsonElement.Parse("0.7");
            parameters["num_ctx"] = JsonElement.Parse("4096");
        }

        if (random.Next(2) == 0)
        {
            parameters["stop"] = JsonElement.Parse("[\"<|end|>\",\" x \"]");
            parameters["use_mmap"] = JsonElement.Parse("false");
        }

        return parameters;
    }
}
