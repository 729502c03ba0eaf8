using System.Net;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Anthropic;

public sealed class MessagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_reaches_the_models_as_it_was_meant()
    {
        var request = await AskAsync("""
            {"model":" Thinker:8B:LOCAL ","max_tokens":5,
             "system":[{"type":"text","text":"Be "},{"type":"text","text":"brief."}],
             "metadata":{"user_id":"u"},"temperature":0.50,"top_p":1,"top_k":40,"stop_sequences":["END"],
             "thinking":{"type":"disabled"},"output_config":{"format":{"type":"json_schema","schema":{"a":1}}},
             "tool_choice":{"type":"auto"},
             "tools":[{"name":"f","description":"d","input_schema":
               {"type":"object","properties":{"a":{"type":"string","format":"x"}},"additionalProperties":false}}],
             "messages":[
              {"role":"USER","content":"Weather?"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
               {"type":"tool_use","id":"c","name":"f","input":{"b":1,"a":2}},{"type":"tool_use","id":"d","name":"g"}]},
              {"role":"user","content":[{"type":"text","text":"Go "},
               {"type":"tool_result","tool_use_id":"c","content":
                [{"type":"text","text":"4"},{"type":"text","text":"C"}]},
               {"type":"tool_result","tool_use_id":"d","is_error":true},{"type":"new","x":1},
               {"type":"text","text":"on."}]}]}
            """);
        Assert.Equal("Thinker:8B", request.Model);
        Assert.Equal(GenerationKind.Chat, request.Kind);
        Assert.Equal(new ThinkSetting(false, null), request.Think);
        Assert.Equal("{\"a\":1}", request.Format?.Schema?.GetRawText());
        Assert.Equal(
            ["num_predict=5", "stop=[\"END\"]", "temperature=0.50", "top_k=40", "top_p=1"],
            request.Options.Select(option => $"{option.Key}={option.Value.GetRawText()}").Order());
        Assert.Equal(
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}",
            Assert.Single(request.Tools).Definition.GetRawText());
        Assert.Equal(
            [
                "system:Be brief.", "user:Weather?", "assistant:", "tool:4C", "tool:", "user:Go on.",
            ],
            request.Messages.Select(message => $"{message.Role}:{message.Content}"));
        Assert.Equal("hm", request.Messages[2].Thinking);
        Assert.Equal(
            ["0 c f {\"b\":1,\"a\":2}", "1 d g {}"],
            request.Messages[2].ToolCalls.Select(
                call => $"{call.Index} {call.Id} {call.Name} {call.Arguments.GetRawText()}"));
        Assert.Equal(("f", "c"), (request.Messages[3].ToolName, request.Messages[3].ToolCallId));
        Assert.Equal(("g", "d"), (request.Messages[4].ToolName, request.Messages[4].ToolCallId));
    }

    [Theory]
    [InlineData("thinker:8b", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", true, null)]
    [InlineData("thinker:8b", "\"thinking\":{\"type\":\"adaptive\"}", null, null)]
    [InlineData("thinker:8b", "\"thinking\":null", null, null)]
    [InlineData("thinker:8b", "\"output_config\":{\"effort\":\"xhigh\"}", true, "high")]
    [InlineData(
        "thinker:8b", "\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"low\"}", false, null)]
    [InlineData("test", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", null, null)]
    public async Task Thinking_is_asked_of_models_that_can(string model, string field, bool? enabled, string? level)
    {
        var request = await AskAsync(
            "{\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
            + $"\"model\":\"{model}\",{field}}}");
        Assert.Equal(enabled, request.Think?.Enabled);
        Assert.Equal(level, request.Think?.Level);
    }

    [Theory]
    [InlineData("{\"type\":\"auto\"}", null)]
    [InlineData("null", null)]
    [InlineData("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}", "may one")]
    [InlineData("{\"type\":\"any\",\"disable_parallel_tool_use\":null}", "must many")]
    [InlineData("{\"disable_parallel_tool_use\":true,\"type\":\"any\"}", "must one")]
    [InlineData("{\"type\":\"tool\",\"name\":\"f\"}", "must one f")]
    public async Task A_choice_of_tools_reaches_the_models(string field, string? choice)
    {
        var request = await AskAsync(
            "{\"model\":\"thinker:8b\",\"max_tokens\":5,\"tools\":[{\"name\":\"f\"}],\"tool_choice\":" + field
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        Assert.Equal(
            choice,
            request.ToolChoice is { } asked
                ? $"{(asked.Required ? "must" : "may")} {(asked.ManyCalls ? "many" : "one")} {asked.Name}".TrimEnd()
                : null);
    }

    [Fact]
    public async Task Tools_that_may_not_be_called_are_not_shown()
    {
        var request = await AskAsync("""
            {"model":"thinker:8b","max_tokens":5,"tool_choice":{"type":"none"},"tools":[{"name":"f"}],
             "messages":[{"role":"user","content":"Hi"}]}
            """);
        Assert.Empty(request.Tools);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_stream_cancels_its_run()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        using var request = Post("""
            {"model":"test","stream":true,"max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}
            """);
        using (var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            Assert.True(await body.ReadAsync(new byte[4096], Cancel) > 0);
            server.Models.Gate.Open();
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task Every_answer_names_its_request_and_no_proxy_holds_a_stream_up()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "greeting");
        using var request = Post("""
            {"model":"test","stream":true,"max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}
            """);
        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues("request-id")), StringComparison.Ordinal);
        Assert.Equal(["no"], response.Headers.GetValues("X-Accel-Buffering"));
        Assert.True(response.Headers.CacheControl?.NoCache);
        using var bad = Post("{}");
        using var refused = await server.Client.SendAsync(bad, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var id = Assert.Single(refused.Headers.GetValues("request-id"));
        Assert.Contains($"\"request_id\":\"{id}\"", await refused.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<GenerationRequest> AskAsync(string body)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "greeting");
        using var request = Post(body);
        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.Equal("", response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancel));
        return Assert.IsType<GenerationRequest>(Assert.Single(server.Models.Calls));
    }

    private static HttpRequestMessage Post(string body) =>
        new(HttpMethod.Post, "/v1/messages") { Content = new StringContent(body) };
}
