using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>Whatever lies in the store: a precise refusal, and every other model is served.</summary>
public sealed class DamagedStoreTests
{
    private const string Chat = """
        {"model":"bad","messages":[{"role":"user","content":"What is the capital of France?"}],"think":false,
         "stream":false,"options":{"temperature":0}}
        """;

    private static readonly byte[] Sound = File.ReadAllBytes(HandmadeStore.ChatWeights);

    [Theory]
    [InlineData(0, "GGUF")]
    [InlineData(3, "GGUF")]
    [InlineData(20, "number of tensors")]
    [InlineData(100, "")]
    [InlineData(40_000, "")]
    [InlineData(2_000_000, "tensor")]
    [InlineData(5_562_719, "tensor")]
    public async Task A_truncated_file_is_refused(int length, string named) =>
        await AssertRefusedAsync(store => Weights(store, Sound[..length]), 500, named);

    [Theory]
    [InlineData("general.architecture", 4, "a text longer than the file")]
    [InlineData("tokenizer.ggml.tokens", 8, "more tokens than the file has bytes")]
    [InlineData("tokenizer.ggml.token_type", 8, "more types than the file has bytes")]
    [InlineData("tokenizer.ggml.merges", 8, "more merges than the file has bytes")]
    public async Task A_giant_count_is_refused(string key, int offset, string what)
    {
        Assert.NotEmpty(what);
        byte[][] counts =
        [
            [255, 255, 255, 255, 255, 255, 255, 255], [0, 0, 0, 0, 0, 0, 0, 128], [0, 0, 0, 0, 0, 0, 0, 16],
            [255, 255, 255, 127, 0, 0, 0, 0],
        ];
        foreach (var count in counts)
        {
            await AssertRefusedAsync(
                store => Weights(store, GgufEdit.WithBytes(Sound, key, offset, count)), 500, "");
        }
    }

    [Theory]
    [InlineData("llama.block_count")]
    [InlineData("llama.embedding_length")]
    [InlineData("llama.attention.head_count")]
    [InlineData("llama.attention.head_count_kv")]
    [InlineData("llama.feed_forward_length")]
    [InlineData("tokenizer.ggml.eos_token_id")]
    public async Task A_size_that_contradicts_the_tensors_is_refused(string key)
    {
        byte[][] values = [[0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [7, 0, 0, 0]];
        foreach (var value in values)
        {
            await using var server = await HostedServer.StartAsync(
                store: store => Weights(store, GgufEdit.WithBytes(Sound, key, 4, value)));
            var (status, body) = await server.PostAsync("/api/chat", Chat);

            // A smaller vocabulary entry may be a sound model; what matters is that nothing breaks.
            Assert.True(status == 500 || key.EndsWith("token_id", StringComparison.Ordinal), body);
            await AssertOthersAreServedAsync(server);
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_the_header_never_ends_the_server()
    {
        const int Flips = 48;
        var random = new Random(20261121);
        var headerEnd = GgufEdit.DataStart(Sound);
        await using var server = await HostedServer.StartAsync(store: store =>
        {
            for (var index = 0; index < Flips; index++)
            {
                // Half of them in the keys and sizes at the front, where most of what native code trusts stands.
                byte[] flipped = [.. Sound];
                var at = random.Next(index % 2 == 0 ? Math.Min(3000, headerEnd) : headerEnd);
                flipped[at] ^= (byte)(1 << random.Next(8));
                store.Model($"flip-{index}", store.Layer("model", flipped));
            }
        });
        for (var index = 0; index < Flips; index++)
        {
            var (status, body) = await server.PostAsync(
                "/api/generate",
                "{\"model\":\"flip-" + index + "\",\"prompt\":\"A cow says\",\"raw\":true,\"stream\":false,"
                + "\"keep_alive\":0,\"options\":{\"num_predict\":2,\"temperature\":0,\"num_ctx\":64}}");
            Assert.True(status is 200 or 500 or 400, body);
            Assert.True(JsonDocument.Parse(body).RootElement.TryGetProperty(status == 200 ? "done" : "error", out _));
        }

        await AssertOthersAreServedAsync(server);
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_end_the_request_and_not_the_server()
    {
        byte[] poisoned = [.. Sound];
        for (var at = GgufEdit.DataStart(Sound); at + 1 < poisoned.Length; at += 2)
        {
            (poisoned[at], poisoned[at + 1]) = (0xFF, 0x7F);
        }

        await using var server = await HostedServer.StartAsync(store: store => Weights(store, poisoned));
        var (status, body) = await server.PostAsync("/api/generate", """
            {"model":"bad","prompt":"x","raw":true,"stream":false,"options":{"num_predict":4}}
            """);
        Assert.Equal((500, "{\"error\":\"The model computed no usable logits.\"}"), (status, body));
        await AssertOthersAreServedAsync(server);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[{\"digest\":\"sha256:../../../etc/passwd\"}]}")]
    [InlineData("{\"schemaVersion\":2,\"layers\":7}")]
    public async Task A_file_that_is_no_manifest_is_skipped_in_the_list_and_refused_by_name(string text)
    {
        await using var server = await HostedServer.StartAsync(store: store => store.ManifestText("bad", text));
        var (status, body) = await server.PostAsync("/api/chat", Chat);
        Assert.True(status is 404 or 500, $"{status}: {body}");
        await AssertOthersAreServedAsync(server);
    }

    [Fact]
    public async Task A_manifest_cut_in_half_is_skipped_in_the_list_and_refused_by_name()
    {
        await using var server = await HostedServer.StartAsync(store: store =>
        {
            var text = Weights(store, Sound);
            store.ManifestText("bad", text[..(text.Length / 2)]);
        });
        var (status, body) = await server.PostAsync("/api/chat", Chat);
        Assert.Equal(500, status);
        Assert.Contains("manifest", body);
        await AssertOthersAreServedAsync(server, listed: false);
    }

    [Fact]
    public async Task A_missing_blob_is_not_found() => await AssertRefusedAsync(
        store => store.Model("bad", HandmadeStore.MissingLayer("model")), 404,
        "model \"bad\" not found, try pulling it first");

    [Theory]
    [InlineData("params", "[1]")]
    [InlineData("params", "{\"stop\":")]
    [InlineData("messages", "{}")]
    [InlineData("messages", "[[1]]")]
    public async Task A_layer_that_does_not_parse_is_refused(string kind, string content) => await AssertRefusedAsync(
        store => store.Model("bad", store.ChatModelLayer(), store.Layer(kind, content)), 500, "JSON");

    [Fact]
    public async Task A_text_in_the_place_of_weights_is_refused() => await AssertRefusedAsync(
        store => store.Model("bad", store.Layer("model", "version https://git-lfs.github.com/spec/v1")), 500,
        "does not begin with the letters GGUF");

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "template:1:")]
    [InlineData("{% for a in range(1000000000) %}x{% endfor %}", "template:1:")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "template:1:19: ")]
    [InlineData("{% set ns = namespace(s='x') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "")]
    [InlineData("one\n  {% if %}", "template:2:9: ")]
    [InlineData("{{ raise_exception('no such role') }}", "no such role")]
    [InlineData("{{ messages[0].content.nothing.at.all }}", "template:1:32: ")]
    public async Task A_template_that_loops_or_fails_is_refused_with_its_place(string template, string named) =>
        await AssertRefusedAsync(
            store => Weights(store, GgufEdit.WithText(Sound, "tokenizer.chat_template", template)), 500, named);

    [Fact]
    public async Task A_model_without_any_template_gets_the_bare_prompt()
    {
        await using var server = await HostedServer.StartAsync(
            store: store => Weights(store, GgufEdit.WithText(Sound, "tokenizer.chat_template", null)));
        var answer = await server.AskAsync("/api/generate", """
            {"model":"bad","prompt":"The capital of France is","stream":false,"options":{"temperature":0}}
            """);
        Assert.Equal(" Paris.", answer.GetProperty("response").GetString());
    }

    private static async Task AssertRefusedAsync(Func<HandmadeStore, string> write, int status, string named)
    {
        await using var server = await HostedServer.StartAsync(store: store => write(store));
        foreach (var stream in (string[])["false", "true"])
        {
            var (actual, body) = await server.PostAsync(
                "/api/chat", Chat.Replace("\"stream\":false", $"\"stream\":{stream}", StringComparison.Ordinal));
            Assert.True(actual == status, $"{actual}: {body}");
            var error = JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!;
            Assert.Contains(named, error);
            Assert.DoesNotContain("   at ", error);
        }

        await AssertOthersAreServedAsync(server);
    }

    private static async Task AssertOthersAreServedAsync(HostedServer server, bool? listed = null)
    {
        var answer = await server.AskAsync(
            "/api/chat", Chat.Replace("\"bad\"", "\"tiny-chat\"", StringComparison.Ordinal));
        Assert.Equal(
            "The capital of France is Paris.", answer.GetProperty("message").GetProperty("content").GetString());
        var tags = JsonNode.Parse(await server.Client.GetStringAsync(
            "/api/tags", TestContext.Current.CancellationToken))!;
        var names = tags["models"]!.AsArray().Select(model => model!["name"]!.GetValue<string>()).ToArray();
        Assert.Contains("tiny-chat:latest", names);
        Assert.True(listed is null || listed == names.Contains("bad:latest"));
    }

    private static string Weights(HandmadeStore store, byte[] weights) =>
        store.Model("bad", store.Layer("model", weights));
}
