using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>What ends an answer, and what a client sees of it.</summary>
[Collection(nameof(SharedServer))]
public sealed class StopTests(ServerFixture server)
{
    private const string Count = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[\"5\"]", "1, 2, 3, 4, ")]
    [InlineData("[\"5, 6, 7\"]", "1, 2, 3, 4, ")]
    [InlineData("[\", 12, 13\"]", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")]
    [InlineData("[\"6\",\"4, 5\"]", "1, 2, 3, ")]
    [InlineData("[\"1\"]", "")]
    [InlineData("[\"11, 12, 99\",\"9, 10, 11, 13\",\"zebra\"]", Count)]
    [InlineData("[\"\"]", Count)]
    [InlineData("[]", Count)]
    public async Task A_stop_sequence_ends_the_answer_before_itself(string stop, string expected)
    {
        var options = "\"temperature\":0,\"stop\":" + stop;
        var whole = await WholeAsync("Count from 1 to 20.", options);
        Assert.Equal(expected, whole.GetProperty("response").GetString());
        Assert.Equal("stop", whole.GetProperty("done_reason").GetString());

        var lines = await StreamAsync("Count from 1 to 20.", options);
        var text = "";
        foreach (var line in lines)
        {
            // What was sent cannot be taken back: every beginning must be one of the expected text.
            text += line.GetProperty("response").GetString();
            Assert.StartsWith(text, expected);
        }

        Assert.Equal(expected, text);
        Assert.True(lines[^1].GetProperty("done").GetBoolean());
    }

    [Theory]
    [InlineData("1", 1, "length")]
    [InlineData("1.9", 1, "length")]
    [InlineData("7", 7, "length")]
    [InlineData("-1", 70, "stop")]
    public async Task The_number_of_tokens_is_limited(string limit, int count, string reason)
    {
        var whole = await WholeAsync("Count from 1 to 20.", "\"temperature\":0,\"num_predict\":" + limit);
        Assert.Equal(count, whole.GetProperty("eval_count").GetInt32());
        Assert.Equal(reason, whole.GetProperty("done_reason").GetString());
        Assert.StartsWith(whole.GetProperty("response").GetString()!, Count);
    }

    [Fact]
    public async Task A_seed_makes_an_answer_repeatable()
    {
        var first = await StoryAsync("\"seed\":42");
        Assert.Equal(first, await StoryAsync("\"seed\":42"));
        Assert.NotEqual(first, await StoryAsync("\"seed\":43"));
        Assert.NotEqual(await StoryAsync("\"seed\":-1"), await StoryAsync("\"seed\":-1"));
        Assert.NotEqual(await StoryAsync(""), await StoryAsync(""));

        async Task<string> StoryAsync(string seed) => (await RawAsync(
            "Once upon a time", "\"temperature\":4,\"top_k\":0,\"top_p\":1,\"num_predict\":40" + (seed == "" ? ""
                : ",") + seed))
            .GetProperty("response").GetString()!;
    }

    [Fact]
    public async Task The_context_is_shifted_when_it_is_full()
    {
        var shifted = await RawAsync("Once upon a time", "\"temperature\":0,\"num_ctx\":64,\"num_predict\":200");
        Assert.Equal("length", shifted.GetProperty("done_reason").GetString());
        Assert.Equal(200, shifted.GetProperty("eval_count").GetInt32());
    }

    [Fact]
    public async Task Without_a_shift_a_full_context_ends_the_answer()
    {
        var full = await RawAsync(
            "Once upon a time", "\"temperature\":0,\"num_ctx\":64,\"num_predict\":200", "\"shift\":false,");
        Assert.Equal("length", full.GetProperty("done_reason").GetString());
        Assert.Equal(
            64, full.GetProperty("eval_count").GetInt32() + full.GetProperty("prompt_eval_count").GetInt32());
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_cut_or_refused()
    {
        var prompt = string.Concat(Enumerable.Repeat("A cow says moo. ", 40));
        var cut = await RawAsync(prompt, "\"temperature\":0,\"num_ctx\":64,\"num_predict\":3");
        Assert.InRange(cut.GetProperty("prompt_eval_count").GetInt32(), 1, 63);

        foreach (var way in (string[])["\"shift\":false", "\"truncate\":false"])
        {
            var (status, body) = await server.PostAsync(
                "/api/generate",
                "{\"model\":\"tiny-chat\",\"raw\":true,\"stream\":false," + way + ",\"prompt\":\"" + prompt
                + "\",\"options\":{\"num_ctx\":64}}",
                Token);
            Assert.Equal(400, status);
            Assert.Contains("the prompt is longer than the context length currently available to the model", body);
        }
    }

    [Fact]
    public async Task The_oldest_messages_go_first_and_the_system_message_stays()
    {
        var filler = string.Join(',', Enumerable.Range(0, 30).Select(index =>
            "{\"role\":\"user\",\"content\":\"What does a cow say?\"},{\"role\":\"assistant\",\"content\":\"moo\"}"));
        var answer = await server.PostAsync(
            "/api/chat",
            "{\"model\":\"tiny-chat\",\"think\":false,\"stream\":false,\"options\":{\"temperature\":0,\"num_ctx\":128},"
            + "\"messages\":[{\"role\":\"system\",\"content\":\"End every answer with \\\"Over\\\".\"}," + filler
            + ",{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]}",
            Token);
        Assert.Equal(200, answer.Status);
        var reply = JsonDocument.Parse(answer.Body).RootElement;
        Assert.InRange(reply.GetProperty("prompt_eval_count").GetInt32(), 64, 127);
        Assert.Contains("Paris", reply.GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("\"top_k\":1")]
    [InlineData("\"top_p\":0")]
    [InlineData("\"min_p\":1")]
    [InlineData("\"temperature\":0")]
    [InlineData("\"temperature\":0,\"seed\":99")]
    public async Task Options_that_leave_one_choice_give_the_same_text(string options) => Assert.Equal(
        Count,
        (await WholeAsync("Count from 1 to 20.", "\"temperature\":1.9,\"num_predict\":100," + options))
            .GetProperty("response").GetString());

    private Task<JsonElement> WholeAsync(string prompt, string options) =>
        AskAsync("\"think\":false,\"prompt\":\"" + prompt + "\",\"stream\":false,\"options\":{" + options + "}");

    private Task<JsonElement> RawAsync(string prompt, string options, string rest = "") => AskAsync(
        rest + "\"raw\":true,\"prompt\":\"" + prompt + "\",\"stream\":false,\"options\":{" + options + "}");

    private async Task<JsonElement> AskAsync(string body)
    {
        var (status, text) = await server.PostAsync("/api/generate", "{\"model\":\"tiny-chat\"," + body + "}", Token);
        Assert.True(status == 200, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<IReadOnlyList<JsonElement>> StreamAsync(string prompt, string options)
    {
        var (status, text) = await server.PostAsync(
            "/api/generate",
            "{\"model\":\"tiny-chat\",\"think\":false,\"prompt\":\"" + prompt + "\",\"options\":{" + options + "}}",
            Token);
        Assert.True(status == 200, text);
        return [.. text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
