using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Conformance;

/// <summary>OpenAI's routes of the real server: bad input is refused in OpenAI's form, and the server lives.</summary>
[Collection(nameof(SharedServer))]
public sealed class OpenAiTests(ServerFixture server)
{
    private const string Hi = "\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions", "{\"messages\":[]}", 400, "[] is too short - 'messages'")]
    [InlineData("/v1/chat/completions", "", 400, "EOF")]
    [InlineData(
        "/v1/chat/completions",
        "{" + Hi + ",\"logit_bias\":{\"5\":101}}",
        400,
        "logit_bias must be between -100 and 100")]
    [InlineData(
        "/v1/chat/completions",
        "{"
        + Hi
        + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"$ref\":\"http://a"
        + "/b\"}}}}",
        400,
        "invalid format: #/$ref: 'http://a/b' is not supported; only references within the schema (#/…) are")]
    [InlineData(
        "/v1/chat/completions",
        "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
        + "\"image_url\":\"data:image/png;base64,iVBORw0KGgo=\"}]}]}",
        400,
        "registry.ollama.ai/library/tiny-chat:latest does not support vision")]
    [InlineData(
        "/v1/completions",
        "{\"model\":\"tiny-chat\",\"prompt\":[1,1536]}",
        400,
        "1536 is no token of this model, whose vocabulary has 1536")]
    [InlineData(
        "/v1/completions",
        "{\"model\":\"tiny-embed\",\"prompt\":[1]}",
        400,
        "\"tiny-embed\" does not support generate")]
    [InlineData(
        "/v1/rerank",
        "{\"model\":\"tiny-embed\",\"query\":\"q\",\"documents\":[\"a\"]}",
        400,
        "registry.ollama.ai/library/tiny-embed:latest does not support rerank")]
    [InlineData(
        "/v1/completions",
        "{\"model\":\"tiny-embed\",\"prompt\":\"a\"}",
        400,
        "\"tiny-embed\" does not support generate")]
    [InlineData(
        "/v1/embeddings",
        "{\"model\":\"tiny-embed\",\"input\":[[1],[-1]]}",
        400,
        "-1 is no token of this model, whose vocabulary has 2048")]
    [InlineData(
        "/v1/embeddings",
        "{\"model\":\"nope\",\"input\":\"a\"}",
        404,
        "model \"nope\" not found, try pulling it first")]
    public async Task A_refusal_has_the_form_of_OpenAI(string path, string body, int status, string message)
    {
        var (actualStatus, text) = await server.PostAsync(path, body, Token);
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.Equal(message, error.GetProperty("message").GetString());
        Assert.Equal(
            status == 404 ? "not_found_error" : "invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(status, actualStatus);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task A_body_without_end_of_nesting_is_refused()
    {
        var (status, text) = await server.PostAsync(
            "/v1/chat/completions", "{\"messages\":" + new string('[', 1_000_000), Token);
        Assert.Equal(400, status);
        Assert.Contains("exceeded max depth", text);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task A_prompt_without_text_only_loads_the_model()
    {
        var (status, text) = await server.PostAsync("/v1/completions", "{\"model\":\"tiny-chat\"}", Token);
        Assert.Equal(200, status);
        Assert.Equal(
            "load", JsonElement.Parse(text).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    private async Task AssertAliveAsync() =>
        Assert.Equal("Ollama is running", await server.Client.GetStringAsync("/", Token));
}
