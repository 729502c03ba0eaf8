using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>The official JavaScript client against the real host: what it sends and what it depends on.</summary>
[Collection(nameof(SharedServer))]
public sealed class OllamaClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_the_shipped_models()
    {
        var models = await RunAsync("list");
        Assert.Equal(
            ["tiny-chat:latest", "tiny-embed:latest"],
            models.EnumerateArray().Select(model => model.GetProperty("name").GetString()!).Order());
        Assert.All(models.EnumerateArray(), model =>
        {
            Assert.Equal(64, model.GetProperty("digest").GetString()!.Length);
            Assert.True(model.GetProperty("size").GetInt64() > 1_000_000);
        });
    }

    [Fact]
    public async Task It_shows_a_model()
    {
        var shown = await RunAsync("show");
        Assert.Equal("llama", shown.GetProperty("family").GetString());
        Assert.Equal("llama", shown.GetProperty("architecture").GetString());
        Assert.Equal(
            ["completion", "insert", "thinking", "tools"],
            shown.GetProperty("capabilities").EnumerateArray().Select(capability => capability.GetString()!).Order());
        Assert.True(shown.GetProperty("template").GetBoolean());
    }

    [Fact]
    public async Task It_chats()
    {
        var chat = await RunAsync("chat");
        Assert.Equal(Capital, chat.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("assistant", chat.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("stop", chat.GetProperty("done_reason").GetString());
        Assert.True(chat.GetProperty("counted").GetBoolean());
        Assert.True(chat.GetProperty("timed").GetBoolean());
    }

    [Fact]
    public async Task It_streams_a_chat()
    {
        var chat = await RunAsync("chatStreamed");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());
        // How many depends on who is faster, the model or the reader; the first and the last never share a line.
        Assert.True(chat.GetProperty("chunks").GetInt32() > 1);
        Assert.True(chat.GetProperty("last").GetBoolean());
    }

    [Fact]
    public async Task It_separates_thinking_from_the_answer()
    {
        var chat = await RunAsync("thinking");
        Assert.True(chat.GetProperty("thought").GetBoolean());
        Assert.Equal(Capital, chat.GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("generate", "response")]
    [InlineData("generateStreamed", "text")]
    public async Task It_generates(string scenario, string property) =>
        Assert.Equal(Capital, (await RunAsync(scenario)).GetProperty(property).GetString());

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream()
    {
        var aborted = await RunAsync("abort");
        Assert.Equal("AbortError", aborted.GetProperty("error").GetString());
        // The client still hands out the lines that it had read when it was told to stop.
        Assert.True(aborted.GetProperty("parts").GetInt32() >= 3);
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool()
    {
        var trip = await RunAsync("tools");
        var call = Assert.Single(trip.GetProperty("calls").EnumerateArray());
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Equal("Paris", call.GetProperty("arguments").GetProperty("city").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_embeds()
    {
        var embedded = await RunAsync("embed");
        Assert.All(embedded.GetProperty("lengths").EnumerateArray(), length => Assert.Equal(128, length.GetInt32()));
        Assert.All(embedded.GetProperty("norms").EnumerateArray(), norm => Assert.Equal(1, norm.GetDouble(), 5));
        Assert.True(embedded.GetProperty("near").GetDouble() > 0.8);
        Assert.True(embedded.GetProperty("far").GetDouble() < 0.5);
    }

    [Fact]
    public async Task It_sees_what_is_loaded()
    {
        var model = Assert.Single(
            (await RunAsync("ps")).EnumerateArray(), model =>
                model.GetProperty("name").GetString() == "tiny-chat:latest");
        Assert.True(model.GetProperty("size").GetInt64() > 5_000_000);
        Assert.Equal(2048, model.GetProperty("context_length").GetInt32());
        Assert.True(model.GetProperty("parsed").GetBoolean());
    }

    [Fact]
    public async Task It_unloads()
    {
        var unloaded = await RunAsync("unload");
        Assert.Contains("tiny-chat:latest", Names("before"));
        Assert.Equal("unload", unloaded.GetProperty("done_reason").GetString());
        Assert.DoesNotContain("tiny-chat:latest", Names("after"));

        IEnumerable<string?> Names(string property) =>
            unloaded.GetProperty(property).EnumerateArray().Select(name => name.GetString());
    }

    [Fact]
    public async Task It_creates_shows_copies_and_deletes_a_model()
    {
        var seen = await RunAsync("library");
        Assert.Equal(
            [
                "using existing layer sha256:DIGEST", "using existing layer sha256:DIGEST",
                "creating new layer sha256:DIGEST", "creating new layer sha256:DIGEST",
                "creating new layer sha256:DIGEST", "creating new layer sha256:DIGEST", "writing manifest", "success",
            ],
            Texts("steps"));
        Assert.Equal("You are a pirate.", seen.GetProperty("system").GetString());
        Assert.Equal(
            "stop                           \"END\"\ntemperature                    0.25",
            seen.GetProperty("parameters").GetString());
        Assert.Equal("tiny-chat:latest", seen.GetProperty("parent").GetString());
        Assert.Equal(2, seen.GetProperty("messages").GetArrayLength());
        Assert.Contains("Pirate:latest", Texts("copied"));
        Assert.Contains("someone/parrot:v1", Texts("copied"));
        Assert.True(seen.GetProperty("answered").GetBoolean());
        Assert.Equal(["tiny-chat:latest", "tiny-embed:latest"], Texts("left").Order());
        Assert.Equal("model 'pirate' not found", seen.GetProperty("refusal").GetProperty("message").GetString());
        Assert.Equal(404, seen.GetProperty("refusal").GetProperty("status").GetInt32());

        IEnumerable<string> Texts(string property) =>
            seen.GetProperty(property).EnumerateArray().Select(text => text.GetString()!);
    }

    [Fact]
    public async Task It_understands_a_refusal()
    {
        var refusal = await RunAsync("missing");
        Assert.Equal("ResponseError", refusal.GetProperty("name").GetString());
        Assert.Equal("model 'nope' not found", refusal.GetProperty("message").GetString());
        Assert.Equal(404, refusal.GetProperty("status").GetInt32());
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("ollama.mjs", server.Address, scenario, Token);
}
