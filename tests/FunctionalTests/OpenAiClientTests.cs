using System.Net.Http.Json;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>OpenAI's JavaScript client against the real host: what it sends and what it depends on.</summary>
[Collection(nameof(SharedServer))]
public sealed class OpenAiClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_the_models_and_finds_one_with_slashes()
    {
        var seen = await RunAsync("models");
        Assert.Equal(
            ["tiny-chat:latest", "tiny-embed:latest"],
            seen.GetProperty("list").EnumerateArray().Select(model => model.GetProperty("id").GetString()!).Order());
        Assert.Equal("library/tiny-chat:latest", seen.GetProperty("one").GetProperty("id").GetString());
        Assert.Equal("library", seen.GetProperty("one").GetProperty("owned_by").GetString());
    }

    [Fact]
    public async Task It_chats()
    {
        var chat = await RunAsync("chat");
        var choice = chat.GetProperty("choice");
        Assert.Equal(Capital, choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_streams_a_chat()
    {
        var chat = await RunAsync("chatStreamed");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());
        Assert.True(chat.GetProperty("chunks").GetInt32() > 2);
        Assert.Equal(1, chat.GetProperty("ids").GetInt32());
        Assert.Equal("stop", chat.GetProperty("reason").GetString());
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_separates_reasoning_from_the_answer()
    {
        var chat = await RunAsync("thinking");
        Assert.True(chat.GetProperty("thought").GetBoolean());
        Assert.Equal(Capital, chat.GetProperty("content").GetString());
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_streamed_tool_call()
    {
        var trip = await RunAsync("tools");
        Assert.Equal("tool_calls", trip.GetProperty("finish_reason").GetString());
        var call = Assert.Single(trip.GetProperty("calls").EnumerateArray());
        Assert.StartsWith("call_", call.GetProperty("id").GetString());
        var function = call.GetProperty("function");
        Assert.Equal("get_weather", function.GetProperty("name").GetString());

        // What comes as the model writes it is spelled as it does; what comes whole has no blanks.
        Assert.Equal("{\"city\": \"Paris\"}", function.GetProperty("arguments").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_gets_the_call_that_it_forces()
    {
        var forced = await RunAsync("forced");
        var required = Assert.Single(forced.GetProperty("required").GetProperty("tool_calls").EnumerateArray());
        Assert.True(
            required.GetProperty("function").GetProperty("name").GetString() is "get_weather" or "set_alarm");
        AssertAlarm(Assert.Single(forced.GetProperty("named").GetProperty("tool_calls").EnumerateArray()));
        AssertAlarm(Assert.Single(forced.GetProperty("streamed").EnumerateArray()));
        Assert.True(forced.GetProperty("thought").GetBoolean());
        Assert.True(forced.GetProperty("pieces").GetInt32() > 0);
        Assert.Equal("tool_calls", forced.GetProperty("reason").GetString());

        static void AssertAlarm(JsonElement call)
        {
            Assert.StartsWith("call_", call.GetProperty("id").GetString());
            var function = call.GetProperty("function");
            Assert.Equal("set_alarm", function.GetProperty("name").GetString());
            var arguments = JsonElement.Parse(function.GetProperty("arguments").GetString()!);
            Assert.True(arguments.GetProperty("day").GetString() is "monday" or "friday");
            Assert.InRange(arguments.GetProperty("hour").GetInt32(), 6, 9);
        }
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var answer = await RunAsync("format");
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.String, answer.GetProperty("capital").ValueKind);
    }

    [Fact]
    public async Task It_gets_a_call_or_an_answer_in_its_format()
    {
        var seen = await RunAsync("formatOrCall");
        var call = Assert.Single(
            seen.GetProperty("called").GetProperty("message").GetProperty("tool_calls").EnumerateArray());
        Assert.Equal("get_weather", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("tool_calls", seen.GetProperty("called").GetProperty("finish_reason").GetString());
        var answer = seen.GetProperty("answered").GetProperty("message");
        Assert.False(answer.TryGetProperty("tool_calls", out _));
        var content = JsonElement.Parse(answer.GetProperty("content").GetString()!);
        Assert.Equal("Paris", content.GetProperty("capital").GetString());
    }

    [Fact]
    public async Task It_gets_log_probabilities()
    {
        var tokens = (await RunAsync("logprobs")).EnumerateArray().ToList();
        Assert.Equal(3, tokens.Count);
        Assert.All(tokens, token =>
        {
            Assert.True(token.GetProperty("probable").GetBoolean());
            Assert.Equal(2, token.GetProperty("tops").GetInt32());
            Assert.Equal(token.GetProperty("token").GetString(), token.GetProperty("best").GetString());
        });
    }

    [Fact]
    public async Task It_gets_several_choices_that_differ()
    {
        var chat = await RunAsync("choices");
        Assert.Equal([0, 1, 2], chat.GetProperty("indexes").EnumerateArray().Select(index => index.GetInt32()));
        Assert.True(chat.GetProperty("texts").GetInt32() > 1);
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_completes_a_prompt_and_echoes_it()
    {
        var completion = await RunAsync("completion");
        Assert.StartsWith("What is the capital of France?", completion.GetProperty("text").GetString());
        Assert.Contains("Paris", completion.GetProperty("text").GetString());
        AssertCounted(completion.GetProperty("usage"));
    }

    [Fact]
    public async Task It_embeds()
    {
        var embedded = await RunAsync("embeddings");
        Assert.Equal([128, 128, 128], embedded.GetProperty("lengths").EnumerateArray().Select(one => one.GetInt32()));
        Assert.True(embedded.GetProperty("same").GetBoolean());
        Assert.Equal(32, embedded.GetProperty("short").GetInt32());
        Assert.True(embedded.GetProperty("counted").GetBoolean());
    }

    [Fact]
    public async Task It_sends_prompts_and_inputs_in_arrays_and_as_tokens()
    {
        var seen = await RunAsync("tokens");
        Assert.StartsWith("The capital of France is Paris", seen.GetProperty("echoed").GetString());
        Assert.Equal(
            [" Paris.", " Rome."], seen.GetProperty("arrays").EnumerateArray().Select(text => text.GetString()!));
        Assert.True(seen.GetProperty("counted").GetBoolean());
        Assert.Equal([0, 1, 2, 3], seen.GetProperty("indexes").EnumerateArray().Select(index => index.GetInt32()));
        Assert.Equal("The capital of France is", seen.GetProperty("joined").GetString());
        Assert.All(
            seen.GetProperty("near").EnumerateArray(), cosine => Assert.InRange(cosine.GetDouble(), 0.9999, 1.0001));
        var usage = seen.GetProperty("usage");
        Assert.Equal(usage[0].GetInt32(), usage[1].GetInt32());
        foreach (var (name, message) in new[]
        {
            ("unknown", "400 2048 is no token of this model, whose vocabulary has 2048"),
            ("outside", "400 99999 is no token of this model, whose vocabulary has 1536"),
        })
        {
            var refusal = seen.GetProperty(name);
            Assert.Equal("BadRequestError", refusal.GetProperty("name").GetString());
            Assert.Equal(message, refusal.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream() =>
        // The client still hands out what it had read when it was told to stop.
        Assert.InRange((await RunAsync("abort")).GetProperty("chunks").GetInt32(), 3, 200);

    [Theory]
    [InlineData("missing", "NotFoundError", 404, "not_found_error", "404 model 'nope' not found")]
    [InlineData("empty", "BadRequestError", 400, "invalid_request_error", "400 [] is too short - 'messages'")]
    [InlineData("forced", "BadRequestError", 400, "invalid_request_error",
        "400 tool_choice: there is no tool \"get_time\"")]
    [InlineData("schema", "BadRequestError", 400, "invalid_request_error",
        "400 tool_choice: tool \"f\": #/not: this keyword cannot be honoured")]
    [InlineData("unknown", "NotFoundError", 404, "not_found_error", "404 model 'nope:latest' not found")]
    public async Task It_understands_a_refusal(string which, string name, int status, string type, string message)
    {
        var refusal = (await RunAsync("refusals")).GetProperty(which);
        Assert.Equal(name, refusal.GetProperty("name").GetString());
        Assert.Equal(status, refusal.GetProperty("status").GetInt32());
        Assert.Equal(type, refusal.GetProperty("type").GetString());
        Assert.Equal(message, refusal.GetProperty("message").GetString());
    }

    [Fact]
    public async Task It_learns_what_it_got_wrong()
    {
        var seen = await RunAsync("mistakes");
        foreach (var (which, message) in new Dictionary<string, string>
        {
            ["role"] = "messages[1].role: must be \"system\", \"developer\", \"user\", \"assistant\" or \"tool\", "
                + "not \"wizard\"",
            ["noRole"] = "messages[0].role: must be \"system\", \"developer\", \"user\", \"assistant\" or \"tool\", "
                + "not \"\"",
            ["broken"] = "invalid tool call arguments",
            ["address"] = "image URLs are not currently supported, please use base64 encoded data instead",
            ["base64"] = "invalid image input",
            ["blind"] = "registry.ollama.ai/library/tiny-chat:latest does not support vision",
            ["bias"] = "logit_bias names \"a\", which is no token number",
            ["token"] = "logit_bias names token 99999, which the model does not have",
            ["biasRange"] = "logit_bias must be between -100 and 100",
            ["many"] = "n must be between 1 and 16",
            ["choice"] = "tool_choice must be \"none\", \"auto\", \"required\" or an object that names a function",
            ["schema"] = "invalid format: #/not: this keyword cannot be honoured",
            ["encoding"] =
                "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].",
        })
        {
            var refusal = seen.GetProperty(which);
            Assert.Equal("400 " + message, refusal.GetProperty("message").GetString());
            Assert.Equal("BadRequestError", refusal.GetProperty("name").GetString());
            Assert.Equal("invalid_request_error", refusal.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task A_greedy_request_gets_the_same_text_in_both_dialects()
    {
        const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Count from 1 to 20.\"}]";
        var native = await PostAsync(
            "/api/chat",
            "{\"model\":\"tiny-chat\",\"stream\":false,\"think\":false,"
            + "\"options\":{\"temperature\":0,\"num_predict\":40}," + Messages + "}");
        var openAi = await PostAsync(
            "/v1/chat/completions",
            "{\"model\":\"tiny-chat\",\"reasoning_effort\":\"none\","
            + "\"temperature\":0,\"max_tokens\":40," + Messages + "}");
        var text = native.GetProperty("message").GetProperty("content").GetString();
        Assert.NotEmpty(text!);
        Assert.Equal(text, openAi.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    private static void AssertCounted(JsonElement usage)
    {
        var (prompt, completion) = (
            usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
        Assert.True(prompt > 0 && completion > 0);
        Assert.Equal(prompt + completion, usage.GetProperty("total_tokens").GetInt32());
        Assert.InRange(
            usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32(), 0, prompt);
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await server.Client.PostAsync(path, content, Token);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("openai.mjs", server.Address, scenario, Token);
}
