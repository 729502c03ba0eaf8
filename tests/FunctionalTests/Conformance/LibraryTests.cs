using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Conformance;

/// <summary>The conformance cases of list, show and embeddings, over the shipped models.</summary>
[Collection(nameof(SharedServer))]
public sealed class LibraryTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_store_has_no_models()
    {
        await using var empty = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        Assert.Equal("{\"models\":[]}", await empty.Client.GetStringAsync("/api/tags", Token));
        Assert.Equal("{\"models\":[]}", await empty.Client.GetStringAsync("/api/ps", Token));
        Assert.Equal(404, (await empty.PostAsync("/api/chat", "{\"model\":\"tiny-chat\"}")).Status);
    }

    [Fact]
    public async Task The_list_has_the_fields_of_Ollama()
    {
        var list = JsonDocument.Parse(await server.Client.GetStringAsync("/api/tags", Token));
        var model = list.RootElement.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == "tiny-chat:latest");
        Assert.Equal("tiny-chat:latest", model.GetProperty("model").GetString());
        Assert.Matches("^[0-9a-f]{64}$", model.GetProperty("digest").GetString());
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
            model.GetProperty("modified_at").GetString());
        var details = model.GetProperty("details");
        Assert.Equal("", details.GetProperty("parent_model").GetString());
        Assert.Equal("gguf", details.GetProperty("format").GetString());
        Assert.Equal("2.75M", details.GetProperty("parameter_size").GetString());
        Assert.Equal("F16", details.GetProperty("quantization_level").GetString());
    }

    [Fact]
    public async Task Show_leaves_arrays_out_unless_it_is_verbose()
    {
        var brief = (await AskAsync("/api/show", "{\"model\":\"tiny-chat\"}")).GetProperty("model_info");
        Assert.Equal(JsonValueKind.Null, brief.GetProperty("tokenizer.ggml.tokens").ValueKind);
        Assert.Equal(2_754_816, brief.GetProperty("general.parameter_count").GetInt64());
        Assert.False(brief.TryGetProperty("tokenizer.chat_template", out _));
        Assert.False(brief.TryGetProperty("general.name", out _));

        var verbose = await AskAsync("/api/show", "{\"name\":\"tiny-chat\",\"verbose\":true}");
        Assert.Equal(1536, verbose.GetProperty("model_info").GetProperty("tokenizer.ggml.tokens").GetArrayLength());
        Assert.Equal(38, verbose.GetProperty("tensors").GetArrayLength());
    }

    [Fact]
    public async Task Show_tells_Copilot_the_name_that_it_asked_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/show")
        {
            Content = new StringContent("{\"model\":\"tiny-chat\"}"),
        };
        request.Headers.UserAgent.ParseAdd("GitHubCopilotChat/1");
        using var response = await server.Client.SendAsync(request, Token);
        var shown = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
        Assert.Equal("tiny-chat", shown.GetProperty("model_info").GetProperty("general.basename").GetString());
    }

    [Theory]
    [InlineData("{\"model\":\"tiny-embed\"}", 0)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":null}", 0)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":\"\"}", 0)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":[]}", 0)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":[\"\"]}", 1)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":\"a cow\"}", 1)]
    [InlineData("{\"model\":\"tiny-embed\",\"input\":[\"a cow\",\"a cow\",\"a dog\"]}", 3)]
    public async Task Each_input_gets_a_vector(string json, int count)
    {
        var vectors = (await AskAsync("/api/embed", json)).GetProperty("embeddings");
        Assert.Equal(count, vectors.GetArrayLength());
        Assert.All(vectors.EnumerateArray(), vector => Assert.Equal(1, Norm(vector), 5));
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("[\"a\",null]")]
    public async Task An_input_that_is_no_text_is_refused(string input)
    {
        var (status, body) = await server.PostAsync(
            "/api/embed", "{\"model\":\"tiny-embed\",\"input\":" + input + "}", Token);
        Assert.Equal((400, "{\"error\":\"invalid input type\"}"), (status, body));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(0, 128)]
    [InlineData(-5, 128)]
    [InlineData(128, 128)]
    [InlineData(5000, 128)]
    public async Task Vectors_are_cut_and_scaled_again(int dimensions, int length)
    {
        var vector = (await AskAsync(
            "/api/embed", $"{{\"model\":\"tiny-embed\",\"input\":\"a cow\",\"dimensions\":{dimensions}}}"))
            .GetProperty("embeddings")[0];
        Assert.Equal(length, vector.GetArrayLength());
        Assert.Equal(1, Norm(vector), 5);
    }

    [Fact]
    public async Task A_long_input_is_cut_or_refused()
    {
        var text = string.Concat(Enumerable.Repeat("a cow says moo ", 400));
        var cut = await AskAsync("/api/embed", $"{{\"model\":\"tiny-embed\",\"input\":\"{text}\"}}");
        Assert.Equal(512, cut.GetProperty("prompt_eval_count").GetInt32());
        var (status, body) = await server.PostAsync(
            "/api/embed", $"{{\"model\":\"tiny-embed\",\"truncate\":false,\"input\":[\"a\",\"{text}\"]}}", Token);
        Assert.Equal((400, "{\"error\":\"the input length exceeds the context length\"}"), (status, body));
    }

    [Fact]
    public async Task The_older_route_gives_the_same_direction()
    {
        var newer = (await AskAsync("/api/embed", "{\"model\":\"tiny-embed\",\"input\":\"a cow\"}"))
            .GetProperty("embeddings")[0].EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var legacy = (await AskAsync("/api/embeddings", "{\"model\":\"tiny-embed\",\"prompt\":\"a cow\"}"))
            .GetProperty("embedding");
        var older = legacy.EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var norm = Norm(legacy);
        Assert.Equal(newer.Length, older.Length);
        Assert.All(newer.Zip(older), pair => Assert.Equal(pair.First, pair.Second / norm, 5));
        Assert.Equal(
            0,
            (await AskAsync("/api/embeddings", "{\"model\":\"tiny-embed\"}")).GetProperty(
                "embedding").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/embed", "{\"model\":\"\"}", 404, "model '' not found")]
    [InlineData("/api/embeddings", "{\"model\":\"\"}", 400, "model is required")]
    [InlineData("/api/embeddings", "{\"model\":\"nope\"}", 404, "model \"nope\" not found, try pulling it first")]
    [InlineData("/api/show", "{}", 400, "model is required")]
    [InlineData("/api/show", "{\"model\":\"a b\"}", 400, "invalid model name")]
    [InlineData("/api/embed", "{\"model\":\"tiny-chat\",\"input\":\"a\"}", 501, "this model does not support embeddings")]
    public async Task A_refusal_is_worded_as_the_route_does(string path, string json, int status, string message)
    {
        var (actual, body) = await server.PostAsync(path, json, Token);
        Assert.Equal(message, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        Assert.Equal(status, actual);
    }

    private static double Norm(JsonElement vector) =>
        Math.Sqrt(vector.EnumerateArray().Sum(value => value.GetDouble() * value.GetDouble()));

    private async Task<JsonElement> AskAsync(string path, string json)
    {
        var (status, body) = await server.PostAsync(path, json, Token);
        Assert.True(status == 200, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
