using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>A model with a Go template answers as it does with the Jinja template of its weights.</summary>
public sealed class GoTemplateTests
{
    private const string Template =
        """
        {{- if .Tools }}<|im_start|>system
        {{ if .System }}{{ .System }}

        {{ end }}# Tools

        You may call these functions:
        <tools>
        {{- range .Tools }}
        {{ . }}
        {{- end }}
        </tools>

        To call a function, answer with:
        <tool_call>
        {"name": <function-name>, "arguments": <args-json-object>}
        </tool_call><|im_end|>
        {{ else if .System }}<|im_start|>system
        {{ .System }}<|im_end|>
        {{ end }}
        {{- range .Messages }}
        {{- if eq .Role "user" }}<|im_start|>user
        {{ .Content }}<|im_end|>
        {{ else if eq .Role "assistant" }}<|im_start|>assistant
        {{ if .Thinking }}<think>
        {{ .Thinking }}
        </think>

        {{ end }}{{ .Content }}
        {{- if .ToolCalls }}{{ range $i, $_ := .ToolCalls }}{{ if $i }}
        {{ end }}<tool_call>
        {"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
        </tool_call>{{ end }}{{ end }}<|im_end|>
        {{ else if eq .Role "tool" }}<|im_start|>user
        <tool_response>
        {{ .Content }}
        </tool_response><|im_end|>
        {{ end }}
        {{- end }}<|im_start|>assistant
        {{ if .IsThinkSet }}{{ if .Think }}<think>
        {{ else }}<think>

        </think>

        {{ end }}{{ end }}
        """;

    private const string Tools =
        """
        [{"type":"function","function":{"name":"get_weather","description":"Current weather","parameters":
         {"type":"object","required":["city"],"properties":{"city":{"type":"string","description":"The city"}}}}}]
        """;

    [Theory]
    [InlineData("false", "Which city serves as the capital of Russia?")]
    [InlineData("true", "What is 12 plus 7?")]
    [InlineData("false", "Count from 1 to 10.")]
    public async Task Prompt_reasoning_and_answer_are_the_same(string think, string question)
    {
        await using var server = await StartAsync();
        var messages = $$"""[{"role":"system","content":"You are terse."},{"role":"user","content":"{{question}}"}]""";
        Assert.Equal(
            await PromptAsync(server, "jinja", think, messages), await PromptAsync(server, "go", think, messages));
        var expected = await AskAsync(server, "jinja", think, messages);
        var answer = await AskAsync(server, "go", think, messages);
        Assert.Equal(expected.GetRawText(), answer.GetRawText());
        Assert.NotEmpty(answer.GetProperty("content").GetString()!);
    }

    [Fact]
    public async Task A_tool_call_is_read_and_its_result_is_told()
    {
        await using var server = await StartAsync();
        const string Question = """{"role":"user","content":"Please check the weather in Paris."}""";
        var answer = await AskAsync(server, "go", "false", $"[{Question}]", Tools);
        var call = Assert.Single(answer.GetProperty("tool_calls").EnumerateArray());
        Assert.Equal("get_weather", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(
            "Paris", call.GetProperty("function").GetProperty("arguments").GetProperty("city").GetString());

        var history = $$$"""
            [{{{Question}}},
             {"role":"assistant","tool_calls":[{"function":{"name":"get_weather","arguments":{"city":"Paris"} } }]},
             {"role":"tool","content":"windy, 9 degrees"}]
            """;
        var told = await AskAsync(server, "go", "false", history, Tools);
        Assert.Contains("9 degrees", told.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_of_the_request_is_applied_and_one_that_does_not_parse_is_refused()
    {
        await using var server = await StartAsync();
        var rendered = await server.AskAsync("/api/generate", """
            {"model":"jinja","prompt":"Hi","template":"<{{ .System }}|{{ .Prompt }}>{{ .Response }}!","system":"S",
             "_debug_render_only":true}
            """);
        Assert.Equal(
            "<S|Hi>", rendered.GetProperty("_debug_info").GetProperty("rendered_template").GetString());
        Assert.Equal(
            (500, """{"error":"template: :1: unclosed action"}"""),
            await server.PostAsync("/api/generate", """{"model":"jinja","prompt":"Hi","template":"{{ .Bad"}"""));
    }

    [Fact]
    public async Task Show_tells_of_the_template_in_effect()
    {
        await using var server = await StartAsync();
        var report = await server.AskAsync("/api/show", """{"model":"go"}""");
        Assert.Equal(Template, report.GetProperty("template").GetString());
        Assert.Equal(
            ["completion", "tools", "thinking"],
            report.GetProperty("capabilities").EnumerateArray().Select(item => item.GetString()));
    }

    private static Task<HostedServer> StartAsync() => HostedServer.StartAsync(
        options => options with { ShippedModels = false, GoTemplates = true },
        store =>
        {
            var weights = store.ChatModelLayer();
            store.Model("jinja", (JsonObject)weights.DeepClone());
            store.Model("go", weights, store.Layer("template", Template));
        });

    private static async Task<string?> PromptAsync(HostedServer server, string model, string think, string messages)
    {
        var body = $$"""{"model":"{{model}}","messages":{{messages}},"think":{{think}},"_debug_render_only":true}""";
        return (await server.AskAsync("/api/chat", body))
            .GetProperty("_debug_info").GetProperty("rendered_template").GetString();
    }

    private static async Task<JsonElement> AskAsync(
        HostedServer server, string model, string think, string messages, string tools = "[]")
    {
        var body = $$$"""
            {"model":"{{{model}}}","messages":{{{messages}}},"think":{{{think}}},"tools":{{{tools}}},"stream":false,
             "options":{"temperature":0,"num_predict":160}}
            """;
        return (await server.AskAsync("/api/chat", body)).GetProperty("message");
    }
}
