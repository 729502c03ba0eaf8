using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>OpenAI's JavaScript client and its responses against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class ResponsesClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_creates_a_response_and_finds_it_again()
    {
        var seen = await RunAsync("create");
        Assert.Equal(Capital, seen.GetProperty("text").GetString());
        Assert.Equal("completed", seen.GetProperty("status").GetString());
        Assert.Equal("{\"a\":\"b\"}", seen.GetProperty("metadata").GetRawText());
        Assert.True(seen.GetProperty("same").GetBoolean());
        AssertCounted(seen.GetProperty("usage"));
    }

    [Fact]
    public async Task It_streams_a_response()
    {
        var seen = await RunAsync("stream");
        Assert.Equal(Capital, seen.GetProperty("text").GetString());
        Assert.Equal(Capital, seen.GetProperty("final").GetString());
        var types = seen.GetProperty("types").EnumerateArray().Select(type => type.GetString()!).ToList();
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"],
            types.Take(4));
        Assert.All(types.Skip(4).SkipLast(4), type => Assert.Equal("response.output_text.delta", type));
        Assert.Equal(
            ["response.output_text.done", "response.content_part.done", "response.output_item.done",
             "response.completed"],
            types.TakeLast(4));
        AssertCounted(seen.GetProperty("usage"));
    }

    [Fact]
    public async Task It_goes_on_from_a_response_and_lists_what_was_said()
    {
        var seen = await RunAsync("conversation");
        Assert.Equal(
            ["user: My name is Alice.", $"assistant: {seen.GetProperty("first").GetString()}",
             "user: What is my name?"],
            seen.GetProperty("items").EnumerateArray().Select(item => item.GetString()));
        var input = seen.GetProperty("input");
        Assert.True(input[1].GetInt32() > input[0].GetInt32());
    }

    [Fact]
    public async Task It_counts_what_it_would_send() => Assert.Equal(
        "{\"object\":\"response.input_tokens\",\"same\":true}", (await RunAsync("count")).GetRawText());

    [Fact]
    public async Task It_separates_reasoning_from_the_answer()
    {
        var seen = await RunAsync("thinking");
        Assert.Equal("[\"reasoning\",\"message\"]", seen.GetProperty("types").GetRawText());
        Assert.True(seen.GetProperty("thought").GetBoolean());
        Assert.InRange(
            seen.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32(),
            1,
            seen.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.Equal(Capital, seen.GetProperty("output_text").GetString());
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_call()
    {
        var trip = await RunAsync("tools");
        Assert.StartsWith("fc_", trip.GetProperty("id").GetString());
        Assert.Equal("get_weather", trip.GetProperty("name").GetString());
        Assert.Equal("completed", trip.GetProperty("status").GetString());
        Assert.Equal("{\"city\": \"Paris\"}", trip.GetProperty("args").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_forces_a_call() => Assert.Equal(
        "[{\"type\":\"function_call\",\"name\":\"get_weather\",\"keys\":[\"city\"]}]",
        (await RunAsync("forced")).GetRawText());

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var answer = await RunAsync("format");
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.String, answer.GetProperty("capital").ValueKind);
    }

    [Fact]
    public async Task It_sees_that_an_answer_was_cut() => Assert.Equal(
        "{\"status\":\"incomplete\",\"details\":{\"reason\":\"max_output_tokens\"},\"item\":\"incomplete\"}",
        (await RunAsync("incomplete")).GetRawText());

    [Fact]
    public async Task It_runs_a_response_in_the_background()
    {
        var seen = await RunAsync("background");
        Assert.Equal("queued", seen.GetProperty("status").GetString());
        Assert.Equal("completed", seen.GetProperty("end").GetString());
        Assert.Equal(Capital, seen.GetProperty("text").GetString());
    }

    [Fact]
    public async Task It_takes_up_a_stream_that_was_cut() => Assert.Equal(
        "{\"gapless\":true,\"last\":\"response.completed\",\"same\":true}", (await RunAsync("resume")).GetRawText());

    [Fact(Timeout = 60_000)]
    public async Task It_cancels_a_response_and_deletes_it()
    {
        var seen = await RunHeldAsync("cancel");
        Assert.Equal("cancelled", seen.GetProperty("status").GetString());
        Assert.Equal("NotFoundError", seen.GetProperty("gone").GetProperty("name").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task It_aborts_in_the_middle_of_a_stream() =>
        Assert.Equal("cancelled", (await RunHeldAsync("abort")).GetProperty("status").GetString());

    [Theory]
    [InlineData("missing", "NotFoundError", 404, "404 model 'nope' not found")]
    [InlineData("item", "BadRequestError", 400, "400 input[0]: unknown input item type: \"computer_call\"")]
    [InlineData("previous", "BadRequestError", 400, "400 previous response \"resp_nope\" not found")]
    [InlineData("unknown", "NotFoundError", 404, "404 response \"resp_nope\" not found")]
    public async Task It_understands_a_refusal(string which, string name, int status, string message)
    {
        var refusal = (await RunAsync("refusals")).GetProperty(which);
        Assert.Equal(name, refusal.GetProperty("name").GetString());
        Assert.Equal(status, refusal.GetProperty("status").GetInt32());
        Assert.Equal(message, refusal.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_greedy_request_gets_the_same_text_as_natively()
    {
        var native = await server.PostAsync("/api/chat", new
        {
            model = "tiny-chat",
            stream = false,
            think = false,
            options = new { temperature = 0, num_predict = 40 },
            messages = new[] { new { role = "user", content = "Count from 1 to 20." } },
        }, Token);
        var response = await server.PostAsync("/v1/responses", new
        {
            model = "tiny-chat",
            temperature = 0,
            max_output_tokens = 40,
            reasoning = new { effort = "none" },
            input = "Count from 1 to 20.",
        }, Token);
        var text = native.GetProperty("message").GetProperty("content").GetString();
        Assert.NotEmpty(text!);
        Assert.Equal(text, response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    private static void AssertCounted(JsonElement usage)
    {
        var (input, output) = (
            usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32());
        Assert.True(input > 0 && output > 0);
        Assert.Equal(input + output, usage.GetProperty("total_tokens").GetInt32());
        Assert.InRange(
            usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32(), 0, input);
        Assert.Equal(0, usage.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }

    /// <summary>Runs a scenario against a server of its own, whose first generation cannot end before it.</summary>
    private static async Task<JsonElement> RunHeldAsync(string scenario)
    {
        await using var own = await HostedServer.StartAsync();
        own.Scheduler.HoldAtToken(sequence: 1, count: 12);
        return await NodeClient.RunAsync("responses.mjs", own.Address, scenario, Token);
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("responses.mjs", server.Address, scenario, Token);
}
