using System.Net.Http.Headers;
using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Ollama;

public sealed class RequestMappingTests
{
    [Fact]
    public async Task A_chat_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("chat", """
            {"model":" Thinker:8B:LOCAL ","stream":false,"think":"high","keep_alive":"90s","truncate":false,
             "shift":true,"logprobs":true,"top_logprobs":3,"format":{"type":"object"},
             "options":{"num_predict":1.9,"no_such":[1]},
             "tools":[{"type":"function","function":{"name":"f"}}],
             "messages":[{"role":"USER","content":"Hi","thinking":"hm"},
              {"role":"assistant","tool_calls":
               [{"id":"c","function":{"index":2,"name":"f","arguments":{"b":1,"a":2}}}]},
              {"role":"Tool","content":"4","tool_name":"f","tool_call_id":"c"}]}
            """));
        Assert.Equal("Thinker:8B", request.Model);
        Assert.Equal(GenerationKind.Chat, request.Kind);
        Assert.Equal(new ThinkSetting(true, "high"), request.Think);
        Assert.Equal(TimeSpan.FromSeconds(90), request.KeepAlive);
        Assert.False(request.Truncate);
        Assert.True(request.Shift);
        Assert.True(request.LogProbs);
        Assert.Equal(3, request.TopLogProbCount);
        Assert.Equal(OutputFormatKind.JsonSchema, request.Format?.Kind);
        Assert.Equal("{\"type\":\"object\"}", request.Format?.Schema?.GetRawText());
        Assert.Equal("1.9", request.Options["num_predict"].GetRawText());
        Assert.Equal("[1]", request.Options["no_such"].GetRawText());
        Assert.Equal("f", Assert.Single(request.Tools).Name);
        Assert.Equal(["user", "assistant", "tool"], request.Messages.Select(message => message.Role));
        Assert.Equal("hm", request.Messages[0].Thinking);
        var call = Assert.Single(request.Messages[1].ToolCalls);
        Assert.Equal(("c", 2, "f", "{\"b\":1,\"a\":2}"), (call.Id, call.Index, call.Name, call.Arguments.GetRawText()));
        Assert.Equal(("f", "c"), (request.Messages[2].ToolName, request.Messages[2].ToolCallId));
    }

    [Fact]
    public async Task A_completion_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("generate", """
            {"model":"thinker:8b","stream":false,"prompt":"p","suffix":"s","system":"y","template":"t","context":[1,2],
             "think":false,"keep_alive":1.5,"format":"json"}
            """));
        Assert.Equal(GenerationKind.Completion, request.Kind);
        Assert.Equal(("p", "s", "y", "t"), (request.Prompt, request.Suffix, request.System, request.Template));
        Assert.Equal([1, 2], request.Context);
        Assert.Equal(new ThinkSetting(false, null), request.Think);
        Assert.Equal(TimeSpan.FromSeconds(1.5), request.KeepAlive);
        Assert.Equal(new OutputFormat(OutputFormatKind.Json, null), request.Format);
        Assert.False(request.Raw);
    }

    [Fact]
    public async Task What_is_absent_null_or_empty_is_left_to_the_server()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("generate", """
            {"model":"test","stream":false,"prompt":"p","suffix":"","system":"","template":"","context":null,
             "think":null,"keep_alive":null,"format":null,"options":null,"images":null,"truncate":null,"shift":null,
             "top_logprobs":5}
            """));
        Assert.Null(request.Suffix);
        Assert.Null(request.System);
        Assert.Null(request.Template);
        Assert.Empty(request.Context);
        Assert.Null(request.Think);
        Assert.Null(request.KeepAlive);
        Assert.Null(request.Format);
        Assert.Empty(request.Options);
        Assert.Empty(request.Images);
        Assert.True(request.Truncate);
        Assert.Null(request.Shift);
        Assert.Equal(0, request.TopLogProbCount);
    }

    [Theory]
    [InlineData("-1", -1)]
    [InlineData("-0.001", -1)]
    [InlineData("1e300", -1)]
    [InlineData("\"-1m\"", -1)]
    [InlineData("\"24h\"", 86_400_000)]
    [InlineData("30", 30_000)]
    [InlineData("0.25", 250)]
    public async Task Keep_alive_is_seconds_a_duration_or_for_ever(string value, long milliseconds)
    {
        var request = Assert.IsType<LoadRequest>(await SendAsync(
            "generate",
            "{\"model\":\"test\",\"keep_alive\":" + value + ",\"options\":{\"num_ctx\":64},\"shift\":false}"));
        Assert.Equal(
            milliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds), request.KeepAlive);
        Assert.Equal(GenerationKind.Completion, request.Kind);
        Assert.Equal("64", request.Options["num_ctx"].GetRawText());
        Assert.False(request.Shift);
    }

    [Fact]
    public async Task A_time_that_is_not_zero_does_not_unload() =>
        Assert.IsType<LoadRequest>(await SendAsync("generate", "{\"model\":\"test\",\"keep_alive\":1e-12}"));

    [Theory]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("-0")]
    [InlineData("\"0\"")]
    [InlineData("\"0s\"")]
    public async Task Zero_unloads_under_the_name_without_suffix(string value) =>
        Assert.Equal("test", await SendAsync("chat", "{\"model\":\"test:local\",\"keep_alive\":" + value + "}"));

    [Fact]
    public async Task An_embedding_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<EmbeddingRequest>(await SendAsync("embed", """
            {"model":"someone/embedder:local","input":["a",""],"truncate":false,"dimensions":8,"keep_alive":0,
             "options":{"num_ctx":64}}
            """));
        Assert.Equal("someone/embedder", request.Model);
        Assert.Equal(["a", ""], request.Inputs);
        Assert.False(request.Truncate);
        Assert.True(request.Normalize);
        Assert.Equal(8, request.DimensionCount);
        Assert.Equal(TimeSpan.Zero, request.KeepAlive);
        Assert.Equal("64", request.Options["num_ctx"].GetRawText());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("null")]
    public async Task Dimensions_that_are_none_are_ignored(string value)
    {
        var body = "{\"model\":\"someone/embedder\",\"input\":\"a\",\"dimensions\":" + value + "}";
        Assert.Null(Assert.IsType<EmbeddingRequest>(await SendAsync("embed", body)).DimensionCount);
    }

    [Fact]
    public async Task The_older_embedding_route_neither_cuts_nor_scales()
    {
        var request = Assert.IsType<EmbeddingRequest>(await SendAsync(
            "embeddings", "{\"model\":\"someone/embedder\",\"prompt\":\"a\"}"));
        Assert.Equal(["a"], request.Inputs);
        Assert.False(request.Truncate);
        Assert.False(request.Normalize);
    }

    [Theory]
    [InlineData("\"1500ms\"", 1500L)]
    [InlineData("2.5", 2500L)]
    [InlineData("null", null)]
    [InlineData("1e9", 49L * 24 * 3600 * 1000)]
    public async Task Priority_and_deadline_reach_the_models(string deadline, long? milliseconds)
    {
        foreach (var (route, work) in new[] { ("generate", "\"prompt\":\"p\""), ("chat", "\"messages\":[null]") })
        {
            var request = Assert.IsType<GenerationRequest>(await SendAsync(
                route, $"{{\"model\":\"test\",\"stream\":false,{work},\"priority\":-7,\"deadline\":{deadline}}}"));
            Assert.Equal(-7, request.Priority);
            Assert.Equal(milliseconds, (long?)request.Deadline?.TotalMilliseconds);
        }
    }

    [Fact]
    public async Task Images_arrive_as_their_bytes()
    {
        var chat = Assert.IsType<GenerationRequest>(await SendAsync("chat", """
            {"model":"test","stream":false,"messages":[{"role":"user","images":["AAEC",null,""]}]}
            """));
        Assert.Equal(
            ["000102", "", ""],
            Assert.Single(chat.Messages).Images.Select(image => Convert.ToHexStringLower(image.Span)));
        var completion = Assert.IsType<GenerationRequest>(await SendAsync(
            "generate", "{\"model\":\"test\",\"stream\":false,\"prompt\":\"p\",\"images\":[\"AAEC\"]}"));
        Assert.Equal("000102", Convert.ToHexStringLower(Assert.Single(completion.Images).Span));
    }

    [Fact]
    public async Task A_null_message_is_an_empty_one()
    {
        var request = Assert.IsType<GenerationRequest>(
            await SendAsync("chat", "{\"model\":\"test\",\"stream\":false,\"messages\":[null]}"));
        Assert.Equal(("", ""), (request.Messages[0].Role, request.Messages[0].Content));
    }

    private static async Task<object> SendAsync(string route, string body)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await server.Client.PostAsync(
            new Uri("/api/" + route, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return Assert.Single(server.Models.Calls);
    }
}
