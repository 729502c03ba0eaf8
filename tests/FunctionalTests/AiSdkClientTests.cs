using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>Vercel's AI SDK, over its provider for OpenAI's dialect, against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class AiSdkClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_chats()
    {
        var chat = await RunAsync("chat");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());
        Assert.Equal("stop", chat.GetProperty("finishReason").GetString());
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_streams()
    {
        var chat = await RunAsync("stream");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());
        Assert.True(chat.GetProperty("chunks").GetInt32() > 0);
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool()
    {
        var trip = await RunAsync("tools");
        Assert.Equal("get_weather", trip.GetProperty("name").GetString());
        Assert.Equal("Paris", trip.GetProperty("input").GetProperty("city").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_gets_a_call_as_the_model_writes_it()
    {
        var called = await RunAsync("toolsStreamed");
        Assert.Equal("get_weather", called.GetProperty("name").GetString());

        // What comes whole has no blanks.
        Assert.Equal("{\"city\": \"Paris\"}", called.GetProperty("json").GetString());
        Assert.Equal("tool-calls", called.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task It_gets_the_call_that_it_forces_as_it_grows()
    {
        var forced = await RunAsync("forced");
        Assert.Equal("get_weather", forced.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.String, forced.GetProperty("input").GetProperty("city").ValueKind);
        Assert.True(forced.GetProperty("deltas").GetInt32() > 0);
        Assert.Equal("tool-calls", forced.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var answer = await RunAsync("format");
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task It_is_an_agent_that_calls_and_then_answers_in_a_format()
    {
        var agent = await RunAsync("agent");
        Assert.Equal([1, 0], agent.GetProperty("calls").EnumerateArray().Select(count => count.GetInt32()));
        Assert.NotEmpty(agent.GetProperty("output").GetProperty("weather").GetString()!);
    }

    [Fact]
    public async Task It_embeds() =>
        Assert.Equal(
            [128, 128],
            (await RunAsync("embeddings")).GetProperty("lengths").EnumerateArray().Select(one => one.GetInt32()));

    [Fact]
    public async Task It_understands_a_refusal()
    {
        var refusal = await RunAsync("missing");
        Assert.Equal("AI_APICallError", refusal.GetProperty("name").GetString());
        Assert.Equal(404, refusal.GetProperty("status").GetInt32());
        Assert.Equal("model 'nope' not found", refusal.GetProperty("message").GetString());
        Assert.False(refusal.GetProperty("retryable").GetBoolean());
    }

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream() =>
        Assert.Equal("abort", (await RunAsync("abort")).GetProperty("last").GetString());

    private static void AssertCounted(JsonElement usage)
    {
        Assert.True(usage.GetProperty("inputTokens").GetInt32() > 1);
        Assert.True(usage.GetProperty("outputTokens").GetInt32() > 1);
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("ai.mjs", server.Address, scenario, Token);
}
