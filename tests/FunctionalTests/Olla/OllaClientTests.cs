using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Olla;

/// <summary>Clients that others wrote, pointed at Olla's addresses: they see no difference.</summary>
public sealed class OllaClientTests(OllaFixture fixture) : IClassFixture<OllaFixture>
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ollamas_client_chats_streams_and_calls_tools()
    {
        var chat = await RunAsync("ollama.mjs", fixture.Ollama, "chat");
        Assert.Equal(Capital, chat.GetProperty("message").GetProperty("content").GetString());
        var streamed = await RunAsync("ollama.mjs", fixture.Ollama, "chatStreamed");
        Assert.Equal(Capital, streamed.GetProperty("text").GetString());
        Assert.True(streamed.GetProperty("last").GetBoolean());
        var trip = await RunAsync("ollama.mjs", fixture.Ollama, "tools");
        Assert.Equal("get_weather", trip.GetProperty("calls")[0].GetProperty("name").GetString());
        var aborted = await RunAsync("ollama.mjs", fixture.Ollama, "abort");
        Assert.Equal("AbortError", aborted.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Ollamas_client_manages_models_where_Olla_itself_would_refuse()
    {
        Assert.Contains(
            (await RunAsync("ollama.mjs", fixture.Ollama, "ps")).EnumerateArray(),
            model => model.GetProperty("name").GetString() == "tiny-chat:latest");
        var seen = await RunAsync("ollama.mjs", fixture.Ollama, "library");
        Assert.Equal("success", seen.GetProperty("steps").EnumerateArray().Last().GetString());
        Assert.Equal("You are a pirate.", seen.GetProperty("system").GetString());
        Assert.True(seen.GetProperty("answered").GetBoolean());
        Assert.Equal("model 'pirate' not found", seen.GetProperty("refusal").GetProperty("message").GetString());
        Assert.Equal("llama", (await RunAsync("ollama.mjs", fixture.Ollama, "show")).GetProperty("family").GetString());
    }

    [Fact]
    public async Task Ollamas_client_embeds_and_understands_a_refusal()
    {
        var embedded = await RunAsync("ollama.mjs", fixture.Ollama, "embed");
        Assert.All(embedded.GetProperty("lengths").EnumerateArray(), length => Assert.Equal(128, length.GetInt32()));
        var refusal = await RunAsync("ollama.mjs", fixture.Ollama, "missing");
        Assert.Equal("model 'nope' not found", refusal.GetProperty("message").GetString());
        Assert.Equal(404, refusal.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task OpenAIs_client_chats_streams_embeds_and_lists()
    {
        var chat = await RunAsync("openai.mjs", fixture.OpenAi, "chat");
        Assert.Equal(
            Capital, chat.GetProperty("choice").GetProperty("message").GetProperty("content").GetString());
        var streamed = await RunAsync("openai.mjs", fixture.OpenAi, "chatStreamed");
        Assert.Equal(Capital, streamed.GetProperty("text").GetString());
        Assert.Equal("stop", streamed.GetProperty("reason").GetString());
        var models = await RunAsync("openai.mjs", fixture.OpenAi, "models");
        Assert.Equal("library/tiny-chat:latest", models.GetProperty("one").GetProperty("id").GetString());
        Assert.True((await RunAsync("openai.mjs", fixture.OpenAi, "embeddings")).GetProperty("same").GetBoolean());
        var missing = (await RunAsync("openai.mjs", fixture.OpenAi, "refusals")).GetProperty("missing");
        Assert.Equal("NotFoundError", missing.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Anthropics_client_chats_and_streams()
    {
        var message = await RunAsync("anthropic.mjs", fixture.Anthropic, "message");
        Assert.Contains("Paris", message.GetRawText());
        var streamed = await RunAsync("anthropic.mjs", fixture.Anthropic, "stream");
        Assert.Contains("Paris", streamed.GetRawText());
    }

    private static Task<JsonElement> RunAsync(string script, Uri address, string scenario) =>
        NodeClient.RunAsync(script, address, scenario, Token);
}
