using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>Anthropic's JavaScript client against the real host: what it sends and what it depends on.</summary>
[Collection(nameof(SharedServer))]
public sealed class AnthropicClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_gets_the_message_that_a_chat_gets()
    {
        var message = await RunAsync("message");
        var block = Assert.Single(message.GetProperty("content").EnumerateArray());
        Assert.Equal("text", block.GetProperty("type").GetString());
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        Assert.StartsWith("msg_", message.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.True(message.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 1);
        Assert.True(message.GetProperty("named").GetBoolean());
        var native = await server.PostAsync(
            "/api/chat",
            new
            {
                model = "tiny-chat",
                stream = false,
                think = false,
                options = new { temperature = 0, num_predict = 64 },
                messages = new[] { new { role = "user", content = "What is the capital of France?" } },
            },
            Token);
        Assert.Equal(Capital, block.GetProperty("text").GetString());
        Assert.Equal(Capital, native.GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task It_streams_a_message()
    {
        var seen = await RunAsync("stream");
        var message = seen.GetProperty("message");
        var block = Assert.Single(message.GetProperty("content").EnumerateArray());
        Assert.Equal(Capital, block.GetProperty("text").GetString());
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        Assert.True(message.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 1);
        var events = seen.GetProperty("events").EnumerateArray().Select(name => name.GetString()!)
            .Where(name => name != "ping").ToArray();
        Assert.Equal(["message_start", "content_block_start", "content_block_delta"], events[..3]);
        Assert.Equal(["content_block_stop", "message_delta", "message_stop"], events[^3..]);
    }

    [Fact]
    public async Task It_separates_thinking_from_the_answer()
    {
        var blocks = (await RunAsync("thinking")).GetProperty("content").EnumerateArray().ToArray();
        Assert.Equal(["thinking", "text"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.NotEmpty(blocks[0].GetProperty("thinking").GetString()!);
        Assert.Equal(Capital, blocks[1].GetProperty("text").GetString());
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool()
    {
        var trip = await RunAsync("tools");
        Assert.Equal("get_weather", trip.GetProperty("call").GetProperty("name").GetString());
        Assert.Equal("Paris", trip.GetProperty("call").GetProperty("input").GetProperty("city").GetString());

        // What comes as the model writes it is spelled as it does; what comes whole has no blanks.
        Assert.Equal("{\"city\": \"Paris\"}", trip.GetProperty("json").GetString());
        Assert.Equal("tool_use", trip.GetProperty("reason").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gets_the_call_that_it_forces()
    {
        var forced = await RunAsync("forced");
        foreach (var name in (string[])["any", "named"])
        {
            var call = Assert.Single(forced.GetProperty(name).GetProperty("content").EnumerateArray());
            Assert.Equal("tool_use", call.GetProperty("type").GetString());
            Assert.Equal("get_weather", call.GetProperty("name").GetString());
            Assert.Equal(JsonValueKind.String, call.GetProperty("input").GetProperty("city").ValueKind);
            Assert.Equal("tool_use", forced.GetProperty(name).GetProperty("stop_reason").GetString());
        }

        Assert.True(forced.GetProperty("pieces").GetInt32() > 0);
    }

    [Fact]
    public async Task It_counts_the_tokens_that_a_message_uses()
    {
        var count = await RunAsync("count");
        Assert.True(count.GetProperty("counted").GetInt32() > 5);
        Assert.Equal(count.GetProperty("used").GetInt32(), count.GetProperty("counted").GetInt32());
    }

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream_and_goes_on()
    {
        var aborted = await RunAsync("abort");
        Assert.Equal("APIUserAbortError", aborted.GetProperty("name").GetString());
        Assert.True(aborted.GetProperty("texts").GetInt32() > 0);
        Assert.Equal(Capital, aborted.GetProperty("after").GetString());
    }

    [Theory]
    [InlineData("missing", "NotFoundError", 404, "not_found_error", "model 'nope' not found")]
    [InlineData(
        "unknownTool", "BadRequestError", 400, "invalid_request_error",
        "tool_choice: there is no tool \"get_time\"")]
    public async Task It_understands_a_refusal(string scenario, string name, int status, string type, string message)
    {
        var refusal = await RunAsync(scenario);
        Assert.Equal(name, refusal.GetProperty("name").GetString());
        Assert.Equal(status, refusal.GetProperty("status").GetInt32());
        Assert.Equal(type, refusal.GetProperty("type").GetString());
        Assert.Equal(message, refusal.GetProperty("message").GetString());
        Assert.True(refusal.GetProperty("named").GetBoolean());
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("anthropic.mjs", server.Address, scenario, Token);
}
