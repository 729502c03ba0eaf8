using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Responses;

public sealed class ResponsesRequestTests
{
    [Fact]
    public async Task A_request_reaches_the_models_as_it_was_meant()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("""
            {"model":" Thinker:8B:LOCAL ","instructions":"Be brief.","max_output_tokens":8,"temperature":0.5,
             "top_p":0.9,"frequency_penalty":1.5,"presence_penalty":-0.5,
             "reasoning":{"effort":"xhigh","summary":"auto"},
             "include":["message.output_text.logprobs","reasoning.encrypted_content"],"top_logprobs":3,
             "truncation":"auto","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},
             "tools":[{"type":"function","name":"f","description":"d","strict":true,
              "parameters":{"type":"object","properties":{"a":{"type":"string"}}}},
              {"type":"namespace","name":"ns","tools":[{"type":"function","name":"g"}]},
              {"type":"custom","name":"c","format":{"type":"text"}}],
             "input":[{"role":"developer","content":"Really."},
              {"type":"message","role":"user","content":[{"type":"input_text","text":"What"},
               {"type":"input_image","image_url":"data:image/png;base64,AQID"},{"type":"input_text","text":"is it?"}]},
              {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"hm"},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"b\":1,\"a\":2}"},
              {"type":"function_call","call_id":"c2","name":"g","arguments":""},
              {"type":"function_call_output","call_id":"c1","output":"4"},
              {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"5"}]},
              {"type":"web_search_call","id":"ws_1"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"So"},
               {"type":"refusal","refusal":"no"}]}]}
            """));
        Assert.Equal(("Thinker:8B", GenerationKind.Chat), (request.Model, request.Kind));
        Assert.Equal(new ThinkSetting(true, "max"), request.Think);
        Assert.Equal((true, 3, true), (request.LogProbs, request.TopLogProbCount, request.Truncate));
        Assert.Equal("{\"type\":\"object\"}", request.Format?.Schema?.GetRawText());
        Assert.Equal(
            ["frequency_penalty=1.5", "num_predict=8", "presence_penalty=-0.5", "temperature=0.5", "top_p=0.9"],
            Show(request.Options));
        Assert.Equal(["f", "ns.g", "c"], request.Tools.Select(tool => tool.Name));
        Assert.Equal(
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}",
            request.Tools[0].Definition.GetRawText());
        Assert.Equal(
            ["system:Be brief.", "system:Really.", "user:What\n\nis it?", "assistant:", "tool:4", "tool:5",
             "assistant:So\n\nno"],
            request.Messages.Select(message => message.Role + ":" + message.Content));
        Assert.Equal([1, 2, 3], Assert.Single(request.Messages[2].Images).ToArray());
        Assert.Equal("hm", request.Messages[3].Thinking);
        Assert.Equal(
            ["c1 0 f {\"b\":1,\"a\":2}", "c2 1 g {}"],
            request.Messages[3].ToolCalls.Select(call =>
                $"{call.Id} {call.Index} {call.Name} {call.Arguments.GetRawText()}"));
        Assert.Equal(("f", "c1"), (request.Messages[4].ToolName, request.Messages[4].ToolCallId));
        Assert.Null(request.Messages[6].Thinking);
    }

    [Fact]
    public async Task What_is_absent_or_null_takes_the_defaults_of_the_dialect()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("""
            {"model":"test","input":"Hi","temperature":null,"top_p":null,"instructions":null,"tools":null,"text":null,
             "reasoning":null,"include":null,"metadata":null,"tool_choice":null,"max_output_tokens":null,"store":null,
             "conversation":null,"prompt":null,"previous_response_id":null,"truncation":null,"background":null}
            """));
        Assert.Equal(["temperature=1.0"], Show(request.Options));
        Assert.Equal(["user:Hi"], request.Messages.Select(message => message.Role + ":" + message.Content));
        Assert.Null(request.Think);
        Assert.Null(request.Format);
        Assert.Empty(request.Tools);
        Assert.False(request.LogProbs);
        Assert.False(request.Truncate);
    }

    [Theory]
    [InlineData("{\"model\":\"test\"}")]
    [InlineData("{\"model\":\"test\",\"input\":\"\"}")]
    [InlineData("{\"model\":\"test\",\"input\":[]}")]
    public async Task Nothing_to_answer_loads_the_model(string body) =>
        Assert.Equal("test", Assert.IsType<LoadRequest>(await SendAsync(body)).Model);

    [Fact]
    public async Task Tools_that_may_not_be_called_are_not_shown()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("""
            {"model":"test","input":"Hi","tool_choice":"none","tools":[{"type":"function","name":"f"}]}
            """));
        Assert.Empty(request.Tools);
    }

    [Theory]
    [InlineData("\"required\"", true, null)]
    [InlineData("{\"type\":\"function\",\"name\":\"f\"}", true, "f")]
    [InlineData("\"auto\"", false, null)]
    public async Task A_call_can_be_forced(string choice, bool isRequired, string? name)
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync(
            "{\"model\":\"thinker:8b\",\"input\":\"Hi\",\"parallel_tool_calls\":false,\"tool_choice\":" + choice
            + ",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"function\",\"name\":\"g\"}]}"));
        Assert.Equal(
            new ToolChoice { Required = isRequired, Name = name, ManyCalls = false }, request.ToolChoice);
        Assert.False(request.CallsInPieces);
    }

    [Fact]
    public async Task Tools_that_are_not_allowed_are_not_shown()
    {
        var request = Assert.IsType<GenerationRequest>(await SendAsync("""
            {"model":"thinker:8b","input":"Hi","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],
             "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"g"}]}}
            """));
        Assert.Equal("g", Assert.Single(request.Tools).Name);
        Assert.Null(request.ToolChoice);
    }

    private static string[] Show(IReadOnlyDictionary<string, JsonElement> options) =>
        [.. options.Select(option => option.Key + "=" + option.Value.GetRawText()).Order(StringComparer.Ordinal)];

    private static async Task<object> SendAsync(string body)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "greeting");
        var (_, answer) = await server.PostAsync(body);
        Assert.True(server.Models.Calls.Count == 1, answer.GetRawText());
        return Assert.Single(server.Models.Calls);
    }
}
