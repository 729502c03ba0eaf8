using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Conformance;

/// <summary>The conformance cases of generate and chat, over the real model.</summary>
[Collection(nameof(SharedServer))]
public sealed class GenerateTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_context_carries_the_conversation_on()
    {
        var first = await AskAsync("/api/generate", "\"prompt\":\"My name is Anna.\"");
        var context = first.GetProperty("context").GetRawText();
        var second = await AskAsync("/api/generate", "\"prompt\":\"What is my name?\",\"context\":" + context);
        Assert.Contains("Anna", second.GetProperty("response").GetString());
        Assert.StartsWith(context[..^1], second.GetProperty("context").GetRawText());

        var alone = await AskAsync("/api/generate", "\"prompt\":\"What is my name?\"");
        Assert.DoesNotContain("Anna", alone.GetProperty("response").GetString());
    }

    [Fact]
    public async Task A_raw_answer_has_no_context()
    {
        var raw = await AskAsync("/api/generate", "\"prompt\":\"A cow says\",\"raw\":true");
        Assert.False(raw.TryGetProperty("context", out _));
        Assert.Equal(" moo.", raw.GetProperty("response").GetString());
    }

    [Theory]
    [InlineData("\"raw\":true,\"system\":\"x\"")]
    [InlineData("\"raw\":true,\"template\":\"x\"")]
    [InlineData("\"raw\":true,\"context\":[1]")]
    public async Task Raw_excludes_what_a_template_would_place(string rest) => await AssertRefusedAsync(
        "/api/generate", "\"prompt\":\"p\"," + rest, 400, "raw mode does not support template, system, or context");

    [Fact]
    public async Task Log_probabilities_come_with_every_token()
    {
        var answer = await AskAsync(
            "/api/generate", "\"prompt\":\"A cow says\",\"raw\":true,\"logprobs\":true,\"top_logprobs\":3");
        var list = answer.GetProperty("logprobs").EnumerateArray().ToArray();
        Assert.Equal(answer.GetProperty("eval_count").GetInt32(), list.Length + 1);
        Assert.Equal(
            " moo.", string.Concat(list.Select(token => token.GetProperty("token").GetString())));
        Assert.All(list, token =>
        {
            Assert.InRange(token.GetProperty("logprob").GetDouble(), -20, 0);
            Assert.Equal(
                token.GetProperty("token").GetString(),
                System.Text.Encoding.UTF8.GetString(
                    [.. token.GetProperty("bytes").EnumerateArray().Select(value => value.GetByte())]));
            var top = token.GetProperty("top_logprobs").EnumerateArray().ToArray();
            Assert.Equal(3, top.Length);
            Assert.Equal(token.GetProperty("token").GetString(), top[0].GetProperty("token").GetString());
            Assert.Equal(
                top.Select(other => other.GetProperty("logprob").GetDouble()).OrderDescending(),
                top.Select(other => other.GetProperty("logprob").GetDouble()));
        });
    }

    [Theory]
    [InlineData("\"logprobs\":true", true, false)]
    [InlineData("\"top_logprobs\":3", false, false)]
    [InlineData("\"logprobs\":true,\"top_logprobs\":1", true, true)]
    public async Task Log_probabilities_appear_only_when_asked_for(string rest, bool any, bool top)
    {
        var answer = await AskAsync("/api/generate", "\"prompt\":\"A cow says\",\"raw\":true," + rest);
        Assert.Equal(any, answer.TryGetProperty("logprobs", out var list));
        Assert.Equal(top, any && list[0].TryGetProperty("top_logprobs", out _));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"low\"", true)]
    [InlineData("\"medium\"", true)]
    [InlineData("\"high\"", true)]
    [InlineData("\"max\"", true)]
    [InlineData("null", true)]
    [InlineData("false", false)]
    public async Task Thinking_is_on_unless_it_is_switched_off(string think, bool thinks)
    {
        var rendered = await AskAsync(
            "/api/chat",
            "\"messages\":[{\"role\":\"USER\",\"content\":\"Hi\"}],\"_debug_render_only\":true", think);
        var prompt = rendered.GetProperty("_debug_info").GetProperty("rendered_template").GetString()!;
        Assert.Equal(thinks, prompt.EndsWith("<think>\n", StringComparison.Ordinal));
        Assert.Contains("<|im_start|>user\nHi", prompt);
        Assert.False(rendered.GetProperty("done").GetBoolean());
        Assert.False(rendered.TryGetProperty("eval_count", out _));

        var answer = await AskAsync(
            "/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"What does a cow say?\"}]", think);
        Assert.Equal(thinks, answer.GetProperty("message").TryGetProperty("thinking", out _));
    }

    [Theory]
    [InlineData("\"extreme\"", "invalid think value: \"extreme\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("1", "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)")]
    public async Task Another_level_is_refused(string think, string message) =>
        await AssertRefusedAsync("/api/chat", "\"messages\":[]", 400, message, think);

    [Fact]
    public async Task A_template_that_does_not_parse_is_refused() =>
        Assert.Equal(500, (await PostAsync("/api/generate", "\"prompt\":\"p\",\"template\":\"{{ .Bad\"")).Status);

    [Fact]
    public async Task A_gap_is_filled()
    {
        var filled = await AskAsync(
            "/api/generate", "\"prompt\":\"def add(a, b):\\n    return \",\"suffix\":\"\\n\"");
        Assert.Equal("a + b", filled.GetProperty("response").GetString());
    }

    [Theory]
    [InlineData("\"options\":{\"no_such\":1,\"mirostat\":1,\"numa\":true,\"num_predict\":1}", 200, "")]
    [InlineData("\"options\":{\"stop\":\"x\"}", 500, "option \"stop\" must be of type array")]
    [InlineData("\"options\":{\"stop\":[1]}", 500, "option \"stop\" must be of an array of strings")]
    [InlineData("\"options\":{\"temperature\":\"hot\"}", 500, "option \"temperature\" must be of type float32")]
    [InlineData("\"options\":{\"use_mmap\":1}", 500, "option \"use_mmap\" must be of type boolean")]
    [InlineData("\"options\":{\"seed\":null,\"num_predict\":1}", 200, "")]
    [InlineData("\"images\":[\"data:image/png;base64,AAAA\"]", 400, "illegal base64 data at input byte 4")]
    [InlineData("\"top_logprobs\":-1", 400, "top_logprobs must be between 0 and 20")]
    [InlineData("\"keep_alive\":true", 400, "Unsupported type: 'bool'")]
    [InlineData("\"keep_alive\":\"\"", 400, "time: invalid duration \"\"")]
    public async Task Fields_are_checked(string rest, int status, string message)
    {
        var (actual, body) = await PostAsync("/api/generate", "\"prompt\":\"A cow says\",\"raw\":true," + rest);
        Assert.True(actual == status, body);
        if (status != 200)
        {
            Assert.Equal(message, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        }
    }

    [Theory]
    [InlineData("a:cloud:local", 400, "use either :local or :cloud, not both: \"a:cloud:local\"")]
    [InlineData("test@sha256:0000000000000000000000000000000000000000000000000000000000000000", 400, "invalid model name")]
    [InlineData("a/b/c/d", 400, "invalid model name")]
    [InlineData(":tag", 400, "invalid model name")]
    [InlineData("nope", 404, "model 'nope' not found")]
    [InlineData("  ", 404, "model '' not found")]
    public async Task Names_are_checked(string model, int status, string message)
    {
        var (actual, body) = await server.PostAsync(
            "/api/generate", "{\"model\":\"" + model + "\",\"prompt\":\"p\"}", Token);
        Assert.Equal(message, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        Assert.Equal(status, actual);
    }

    [Theory]
    [InlineData(" tiny-chat ")]
    [InlineData("TINY-chat:LATEST")]
    [InlineData("library/tiny-chat")]
    [InlineData("registry.ollama.ai/library/tiny-chat:latest")]
    [InlineData("https://registry.ollama.ai/library/tiny-chat")]
    [InlineData("tiny-chat:local")]
    public async Task A_name_in_another_spelling_is_echoed_as_it_was_sent(string model)
    {
        var (status, body) = await server.PostAsync(
            "/api/generate",
            "{\"model\":\"" + model + "\",\"prompt\":\"A cow says\",\"raw\":true,\"stream\":false,"
            + "\"options\":{\"num_predict\":1}}",
            Token);
        Assert.True(status == 200, body);
        Assert.Equal(model, JsonDocument.Parse(body).RootElement.GetProperty("model").GetString());
    }

    private async Task AssertRefusedAsync(string path, string rest, int status, string message, string think = "false")
    {
        var (actual, body) = await PostAsync(path, rest, think);
        Assert.Equal(message, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        Assert.Equal(status, actual);
    }

    private Task<(int Status, string Body)> PostAsync(string path, string rest, string think = "false") =>
        server.PostAsync(
            path,
            "{\"model\":\"tiny-chat\",\"stream\":false,\"think\":" + think
            + (rest.Contains("\"options\"", StringComparison.Ordinal) ? "," : ",\"options\":{\"temperature\":0},")
            + rest + "}",
            Token);

    private async Task<JsonElement> AskAsync(string path, string rest, string think = "false")
    {
        var (status, body) = await PostAsync(path, rest, think);
        Assert.True(status == 200, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
