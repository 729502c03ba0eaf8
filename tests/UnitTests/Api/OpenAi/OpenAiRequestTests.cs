using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.OpenAi;

public sealed class OpenAiRequestTests
{
    private const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("/v1/chat/completions", """
            {"model":" Thinker:8B:LOCAL ","max_tokens":7,"max_completion_tokens":8,"seed":3,"temperature":0.5,
             "top_p":0.9,"frequency_penalty":1.5,"presence_penalty":-0.5,"logit_bias":{"5":-100},"stop":["a",1,"b"],
             "logprobs":true,"top_logprobs":3,"reasoning_effort":"low","reasoning":{"effort":"ultra"},
             "response_format":{"type":" JSON_schema ",
              "json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"f"}}],
             "messages":[{"role":"developer","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"What"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"text","text":"is it?"}]},
              {"role":"assistant","reasoning":"hm","tool_calls":
               [{"id":"c","index":2,"type":"function","function":{"name":"f","arguments":"{\"b\":1,\"a\":2}"}}]},
              {"role":"tool","content":"4","tool_call_id":"c"}]}
            """));
        Assert.Equal("Thinker:8B", request.Model);
        Assert.Equal(GenerationKind.Chat, request.Kind);
        Assert.Equal(new ThinkSetting(true, "max"), request.Think);
        Assert.Null(request.KeepAlive);
        Assert.True(request.LogProbs);
        Assert.Equal(3, request.TopLogProbCount);
        Assert.Equal(OutputFormatKind.JsonSchema, request.Format?.Kind);
        Assert.Equal("{\"type\":\"object\"}", request.Format?.Schema?.GetRawText());
        Assert.Equal(
            ["frequency_penalty=1.5", "logit_bias={\"5\":-100}", "num_predict=8", "presence_penalty=-0.5", "seed=3",
             "stop=[\"a\",\"b\"]", "temperature=0.5", "top_p=0.9"],
            Show(request.Options));
        Assert.Equal("f", Assert.Single(request.Tools).Name);
        Assert.Equal(["system", "user", "assistant", "tool"], request.Messages.Select(message => message.Role));
        Assert.Equal("What\n\nis it?", request.Messages[1].Content);
        Assert.Equal([1, 2, 3], Assert.Single(request.Messages[1].Images).ToArray());
        Assert.Equal("hm", request.Messages[2].Thinking);
        var call = Assert.Single(request.Messages[2].ToolCalls);
        Assert.Equal(("c", 2, "f", "{\"b\":1,\"a\":2}"), (call.Id, call.Index, call.Name, call.Arguments.GetRawText()));
        Assert.Equal(("f", "c"), (request.Messages[3].ToolName, request.Messages[3].ToolCallId));
    }

    [Theory]
    [InlineData("\"tool_choice\":null", "f,g", null)]
    [InlineData("\"tool_choice\":\"auto\"", "f,g", null)]
    [InlineData("\"tool_choice\":\"none\"", "", null)]
    [InlineData("\"tool_choice\":\"none\",\"parallel_tool_calls\":false", "", "may one")]
    [InlineData("\"parallel_tool_calls\":false", "f,g", "may one")]
    [InlineData("\"tool_choice\":\"required\"", "f,g", "must many")]
    [InlineData("\"parallel_tool_calls\":false,\"tool_choice\":\"required\"", "f,g", "must one")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}", "f,g", "must one g")]
    [InlineData(
        "\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":"
        + "[{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]}}",
        "g", "must many")]
    [InlineData(
        "\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":"
        + "[{\"type\":\"function\",\"name\":\"f\"}]}",
        "f", null)]
    public async Task A_choice_of_tools_reaches_the_models(string fields, string tools, string? choice)
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync(
            "/v1/chat/completions",
            "{\"model\":\"thinker:8b\"," + fields + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
            + "\"parameters\":{\"type\":\"object\",\"not\":{}}}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],"
            + Hi + "}"));
        Assert.Equal(tools, string.Join(',', request.Tools.Select(tool => tool.Name)));
        Assert.Equal(
            choice,
            request.ToolChoice is { } asked
                ? $"{(asked.Required ? "must" : "may")} {(asked.ManyCalls ? "many" : "one")} {asked.Name}".TrimEnd()
                : null);
        Assert.False(request.CallsInPieces);
        Assert.All(
            request.Tools.Where(tool => tool.Name == "f"),
            tool => Assert.Equal("{\"type\":\"object\",\"not\":{}}", tool.Parameters?.GetRawText()));
    }

    [Fact]
    public async Task A_completion_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("/v1/completions", """
            {"model":"thinker:8b","prompt":"p","suffix":"s","max_tokens":5,"top_p":0,"stop":"x","logprobs":2}
            """));
        Assert.Equal(GenerationKind.Completion, request.Kind);
        Assert.Equal(("p", "s", false), (request.Prompt, request.Suffix, request.Raw));
        Assert.Equal((true, 2), (request.LogProbs, request.TopLogProbCount));
        Assert.Equal(
            ["num_predict=5", "stop=[\"x\"]", "temperature=1.0", "top_p=1.0"], Show(request.Options));
    }

    [Fact]
    public async Task What_is_absent_or_null_takes_the_defaults_of_the_dialect()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("/v1/chat/completions", "{\"model\":\"test\","
            + "\"temperature\":null,\"seed\":null,\"stop\":null,\"tools\":null,\"response_format\":null,"
            + "\"reasoning\":null,\"max_tokens\":null,\"logit_bias\":null,\"top_logprobs\":5,\"stream_options\":null,"
            + Hi + "}"));
        Assert.Equal(["temperature=1.0", "top_p=1.0"], Show(request.Options));
        Assert.Null(request.Think);
        Assert.Null(request.Format);
        Assert.Empty(request.Tools);
        Assert.Equal(0, request.TopLogProbCount);
    }

    [Fact]
    public async Task Embeddings_reach_the_models_as_they_were_meant()
    {
        var request = Assert.IsType<EmbeddingRequest>(await SendAsync(
            "/v1/embeddings", "{\"model\":\"someone/embedder\",\"input\":[\"a\",\"\"],\"dimensions\":3}"));
        Assert.Equal(["a", ""], request.Inputs);
        Assert.Equal(3, request.DimensionCount);
        Assert.True(request.Truncate);
    }

    [Fact]
    public async Task Token_arrays_reach_the_models_as_they_are()
    {
        var embedding = Assert.IsType<EmbeddingRequest>(await SendAsync(
            "/v1/embeddings", "{\"model\":\"someone/embedder\",\"input\":[[1,2],[3]]}"));
        Assert.Empty(embedding.Inputs);
        Assert.Equal([[1, 2], [3]], embedding.TokenInputs);
        embedding = Assert.IsType<EmbeddingRequest>(await SendAsync(
            "/v1/embeddings", "{\"model\":\"someone/embedder\",\"input\":[1,2]}"));
        Assert.Equal([[1, 2]], embedding.TokenInputs);
        var completion = Assert.IsType<GenerationRequest>(await SendAsync(
            "/v1/completions", "{\"model\":\"test\",\"prompt\":[1,2],\"max_tokens\":3}"));
        Assert.Equal([1, 2], completion.PromptTokens);
        Assert.Equal(("", true), (completion.Prompt, completion.Raw));
        Assert.Equal(3, completion.Options["num_predict"].GetInt32());
    }

    [Fact]
    public async Task Many_prompts_run_sixteen_at_a_time_and_each_gets_its_answers_in_order()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "completion");
        var prompts = ToArray(Enumerable.Range(0, 40).Select(index => $"p{index} "));
        using var response = await server.Client.SendAsync(
            Post("/v1/completions", "{\"model\":\"test\",\"echo\":true,\"n\":2,\"seed\":5,\"prompt\":" + prompts + "}"),
            Cancel);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var choices = answer.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(0, 80).Select(index => (index, $"p{index / 2} 4")),
            choices.Select(choice => (
                choice.GetProperty("index").GetInt32(), choice.GetProperty("text").GetString()!)));
        Assert.Equal(40 * 12, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(80 * 9, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            Enumerable.Repeat((5, 6), 40),
            server.Models.Calls.Cast<GenerationRequest>().GroupBy(request => request.Prompt)
                .Select(group => group.Select(request => request.Options["seed"].GetInt32()).Order().ToArray())
                .Select(seeds => (seeds[0], seeds[1])));
    }

    [Fact]
    public async Task Streams_of_several_prompts_end_once_with_the_usage_of_all()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "completion");
        using var response = await server.Client.SendAsync(
            Post("/v1/completions", "{\"model\":\"test\",\"stream\":true,\"echo\":true,"
                + "\"prompt\":[\"a\",\"b\",\"c\"],\"stream_options\":{\"include_usage\":true}}"), Cancel);
        var events = (await response.Content.ReadAsStringAsync(Cancel))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line["data: ".Length..]).ToList();
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(36, JsonElement.Parse(events[^2]).GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        var texts = events[..^2].Select(line => JsonElement.Parse(line).GetProperty("choices")[0])
            .GroupBy(choice => choice.GetProperty("index").GetInt32())
            .OrderBy(group => group.Key)
            .Select(group => string.Concat(group.Select(choice => choice.GetProperty("text").GetString())));
        Assert.Equal(["a4", "b4", "c4"], texts);
    }

    [Theory]
    [InlineData(257, 1, "257 prompts are too many: at most 256 answers")]
    [InlineData(17, 16, "17 prompts are too many: at most 256 answers")]
    public async Task Too_many_prompts_are_refused(int promptCount, int choiceCount, string message)
    {
        await using var server = await ApiServer.StartAsync();
        var prompts = ToArray(Enumerable.Repeat("a", promptCount));
        using var response = await server.Client.SendAsync(
            Post("/v1/completions", $"{{\"model\":\"test\",\"n\":{choiceCount},\"prompt\":{prompts}}}"), Cancel);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(message, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Empty(server.Models.Calls);
    }

    [Fact]
    public async Task One_refused_prompt_ends_all_of_a_request()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "refuse ContextExceeded");
        var prompts = ToArray(Enumerable.Repeat("a", 100));
        using var response = await server.Client.SendAsync(
            Post("/v1/completions", $"{{\"model\":\"test\",\"prompt\":{prompts}}}"), Cancel);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.InRange(server.Models.Calls.Count, 1, 16);
    }

    [Fact]
    public async Task Each_choice_is_streamed_to_its_end_and_has_a_seed_of_its_own()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "tools");
        using var response = await server.Client.SendAsync(
            Post("/v1/chat/completions", "{\"model\":\"thinker:8b\",\"stream\":true,\"n\":3,\"seed\":5,"
                + "\"stream_options\":{\"include_usage\":true}," + Hi + "}"), Cancel);
        var events = (await response.Content.ReadAsStringAsync(Cancel))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line["data: ".Length..]).ToList();
        Assert.Equal("[DONE]", events[^1]);
        var usage = JsonElement.Parse(events[^2]).GetProperty("usage");
        Assert.Equal(12, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(27, usage.GetProperty("completion_tokens").GetInt32());
        var choices = events[..^2].Select(line => JsonElement.Parse(line).GetProperty("choices")[0])
            .ToLookup(choice => choice.GetProperty("index").GetInt32());
        Assert.Equal([0, 1, 2], choices.Select(choice => choice.Key).Order());
        Assert.All(choices, choice =>
        {
            Assert.Equal(3, choice.Count());
            Assert.Equal("assistant", choice.First().GetProperty("delta").GetProperty("role").GetString());
            Assert.Equal("tool_calls", choice.Last().GetProperty("finish_reason").GetString());
        });
        Assert.Equal(
            [5, 6, 7],
            server.Models.Calls.Cast<GenerationRequest>()
                .Select(request => request.Options["seed"].GetInt32()).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_client_that_leaves_in_the_middle_of_a_stream_cancels_its_run(int choiceCount)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using (var response = await server.Client.SendAsync(
            Post("/v1/chat/completions", "{\"model\":\"test\",\"stream\":true,\"n\":" + choiceCount + "," + Hi + "}"),
            HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            Assert.True(await body.ReadAsync(new byte[1024], Cancel) > 0);
            server.Models.Gate.Open();
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level > LogLevel.Debug);
    }

    private static string ToArray(IEnumerable<string> texts) =>
        "[" + string.Join(',', texts.Select(text => $"\"{text}\"")) + "]";

    private static string[] Show(IReadOnlyDictionary<string, JsonElement> options) =>
        [.. options.Select(option => option.Key + "=" + option.Value.GetRawText()).Order(StringComparer.Ordinal)];

    private static async Task<object> SendAsync(string path, string body)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        (await server.Client.SendAsync(Post(path, body), Cancel)).Dispose();
        return Assert.Single(server.Models.Calls);
    }

    private static HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
