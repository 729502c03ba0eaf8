using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>LangChain's client of Ollama's API against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class LangChainClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_chats()
    {
        var chat = await RunAsync("chat");
        Assert.Equal(Capital, chat.GetProperty("content").GetString());
        Assert.True(chat.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 1);
    }

    [Fact]
    public async Task It_streams()
    {
        var chat = await RunAsync("stream");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());
        Assert.True(chat.GetProperty("chunks").GetInt32() > 1);
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool()
    {
        var trip = await RunAsync("tools");
        var call = Assert.Single(trip.GetProperty("calls").EnumerateArray());
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Equal("Paris", call.GetProperty("args").GetProperty("city").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var answer = await RunAsync("format");
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task It_embeds() =>
        Assert.Equal(
            [128, 128, 128],
            (await RunAsync("embeddings")).GetProperty("lengths").EnumerateArray().Select(one => one.GetInt32()));

    [Fact]
    public async Task It_understands_a_refusal()
    {
        var refusal = await RunAsync("missing");
        Assert.Equal("ResponseError", refusal.GetProperty("name").GetString());
        Assert.Equal(404, refusal.GetProperty("status").GetInt32());
        Assert.Equal("model 'nope' not found", refusal.GetProperty("message").GetString());
    }

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream()
    {
        var aborted = await RunAsync("abort");
        Assert.Equal("AbortError", aborted.GetProperty("name").GetString());
        Assert.InRange(aborted.GetProperty("chunks").GetInt32(), 3, 200);
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("langchain.mjs", server.Address, scenario, Token);
}
