using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>Completions of models with a Go template, read by the marks that the template has.</summary>
public sealed class GoOutputTests
{
    private const string Hermes =
        "{{ range .Messages }}{{ if .Thinking }}<think>\n{{ .Thinking }}\n</think>{{ end }}{{ .Content }}"
        + "{{ if .ToolCalls }}<tool_call>\n{{ range .ToolCalls }}{\"name\": \"{{ .Function.Name }}\"}{{ end }}"
        + "</tool_call>"
        + "{{ end }}{{ end }}{{ .Tools }}";

    private const string Brackets =
        "{{ range .Messages }}{{ if .ToolCalls }}[TOOL_CALLS] [{{ range .ToolCalls }}x{{ end }}]{{ end }}{{ end }}"
        + "{{ .Tools }}";

    private const string Braces =
        "{{ range .Messages }}{{ if .ToolCalls }}{\"name\": {{ end }}{{ .Content }}{{ end }}{{ .Tools }}";

    private const string OpenBracket =
        "{{ if .ToolCalls }}[{{ range .ToolCalls }}{{ . }}{{ end }}]{{ end }}{{ .Tools }}";

    [Theory]
    [InlineData(Hermes, "plain answer", "plain answer", "", "")]
    [InlineData(Hermes, "Let me look.\n<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>",
        "Let me look.", "", "sum{\"a\": 1}")]
    [InlineData(Hermes, "<tool_call>{\"name\":\"sum\",\"arguments\":\"{\\\"a\\\":2}\"}</tool_call>", "", "", "sum{\"a\":2}")]
    [InlineData(Hermes, "<tool_call>{\"name\":\"sum\",\"parameters\":{}}</tool_call><tool_call>{\"name\":\"summary\",\"arguments\":{\"x\":\"}\"}}</tool_call>",
        "", "", "sum{} summary{\"x\":\"}\"}")]
    [InlineData(Hermes, "<tool_call>sum {\"a\":1}</tool_call>", "", "", "sum{\"a\":1}")]
    [InlineData(Hermes, "<tool_call>{\"sum\":{\"a\":1}}", "", "", "sum{\"a\":1}")]
    [InlineData(Hermes, "a <tool_box> b", "a <tool_box> b", "", "")]
    [InlineData(Hermes, "<tool_call>nothing here", "<tool_call>nothing here", "", "")]
    [InlineData(Hermes, "<think>\nhmm\n</think>\n\n4", "4", "hmm", "")]
    [InlineData(Hermes, "<think>why</think><tool_call>{\"name\":\"sum\",\"arguments\":{}}", "", "why", "sum{}")]
    [InlineData(Brackets, "[TOOL_CALLS] [{\"name\":\"sum\",\"arguments\":{\"a\":1}},{\"name\":\"sum\",\"arguments\":{\"a\":2}}]",
        "", "", "sum{\"a\":1} sum{\"a\":2}")]
    [InlineData(Braces, "{\"name\":\"sum\",\"parameters\":{\"a\":1}}", "", "", "sum{\"a\":1}")]
    [InlineData(Braces, "{\"name\":\"sum\",\"parameters\":{}}; {\"name\":\"summary\",\"parameters\":{}}", "", "", "sum{} summary{}")]
    [InlineData(Braces, "Sure: {\"name\":\"sum\",\"parameters\":{}}", "Sure: {\"name\":\"sum\",\"parameters\":{}}", "", "")]
    [InlineData(Braces, "{\"other\": 1} and more", "{\"other\": 1} and more", "", "")]
    [InlineData(Braces, "{\"name\":\"su", "{\"name\":\"su", "", "")]
    [InlineData(OpenBracket, "[{\"name\":\"sum\",\"arguments\":{\"a\":1}}] Done.", "Done.", "", "sum{\"a\":1}")]
    [InlineData(OpenBracket, "[1, 2] are numbers", "[1, 2] are numbers", "", "")]
    public void Every_cut_of_a_completion_reads_the_same(
        string template, string completion, string content, string thinking, string calls)
    {
        var format = ChatFormat.FromGo(template);
        for (var size = 1; size <= completion.Length; size = size < 4 ? size + 1 : size * 2)
        {
            Assert.Equal((content, thinking, calls), Read(format, completion, size));
        }

        Assert.Equal((content, thinking, calls), Read(format, completion, completion.Length));
    }

    [Fact]
    public void Reasoning_is_set_apart_only_where_it_was_asked_for()
    {
        var format = ChatFormat.FromGo(Hermes);
        var prompt = Prompt() with { Think = new ThinkSetting(false, null) };
        Assert.Equal("<think>a</think>b", format.CreateParser(prompt, "").Read("<think>a</think>b").Content);
        Assert.Null(format.FindPreface(prompt, ""));
        Assert.Equal(new AnswerPreface("<think>", "</think>"), format.FindPreface(Prompt(), ""));
        Assert.Equal(new AnswerPreface(null, "</think>"), format.FindPreface(Prompt(), "x<think>\n"));
        Assert.Equal("a", format.CreateParser(Prompt(), "x<think>\n").Read("a</think>b").Thinking);
    }

    [Theory]
    [InlineData("{{ range .Messages }}<t>{{ .Thinking }}</t>{{ end }}", "<t>", "</t>")]
    [InlineData("{{ range .Messages }}x{{ if .Thinking }} <a> {{ .Thinking }} </a> {{ end }}y{{ end }}", "<a>", "</a>")]
    [InlineData("{{ range $i, $m := .Messages }}<t>{{ .Thinking }}</t>{{ end }}", "<t>", "</t>")]
    [InlineData("{{ range .Others }}<t>{{ .Thinking }}</t>{{ end }}{{ .Messages }}", null, null)]
    [InlineData("<t>{{ .Thinking }}</t>{{ .Messages }}", null, null)]
    [InlineData("{{ range .Messages }}{{ .Thinking }}</t>{{ end }}", null, null)]
    public void The_texts_around_reasoning_are_its_marks(string template, string? open, string? close)
    {
        var format = ChatFormat.FromGo(template);
        Assert.Equal(open is not null, format.SupportsThinking);
        Assert.Equal(open is null ? null : new AnswerPreface(open, close!), format.FindPreface(Prompt(), ""));
    }

    [Theory]
    [InlineData(Hermes, "<think>,</think>,<tool_call>")]
    [InlineData(Brackets, "[TOOL_CALLS] [")]
    [InlineData(Braces, "")]
    [InlineData("{{ range .ToolCalls }}<x>{{ end }}{{ .Tools }}", "")]
    [InlineData("{{ if .ToolCalls }}{{ . }}<x>{{ end }}{{ .Tools }}", "")]
    [InlineData("{{ if and .Tools .ToolCalls }}{{ if true }}\n<y>\r\n{{ end }}{{ end }}", "<y>")]
    public void The_text_before_a_call_is_its_mark(string template, string tokens) =>
        Assert.Equal(tokens, string.Join(',', ChatFormat.FromGo(template).PreservedTokens));

    [Theory]
    [InlineData("{{ .Prompt }}", false, false, false)]
    [InlineData("{{ .Prompt }}{{ .Suffix }}", false, true, false)]
    [InlineData("{{ range $.Tools }}{{ end }}{{ range .Messages }}{{ .ToolCalls }}{{ if eq .Role \"tool\" }}{{ end }}{{ end }}",
        true, false, true)]
    [InlineData("{{ define \"t\" }}{{ .tools }}{{ end }}", true, false, false)]
    public void Abilities_follow_the_names(string template, bool tools, bool insert, bool results)
    {
        var format = ChatFormat.FromGo(template);
        Assert.Equal(
            (tools, insert, results), (format.SupportsTools, format.SupportsInsert, format.WritesToolResults));
    }

    [Theory]
    [InlineData("{{ .Prompt }}", null, null, true)]
    [InlineData(null, "x", true, false)]
    [InlineData("{{ .Prompt }}", "{{ messages }}", null, true)]
    [InlineData("{{ .Prompt }}", "{{ tools }}", null, false)]
    [InlineData("{{ .Prompt }}", "{{ tools }}", true, true)]
    [InlineData("{{ .Tools }}", "{{ messages }}", false, false)]
    [InlineData("{{ .Tools }}", "{{ tools }}", null, true)]
    [InlineData("{{ .Tools }}", "{{ tools }} tool_calls 'tool'", null, false)]
    [InlineData("{{ .Tools }}{{ .ToolCalls }}{{ eq .Role \"tool\" }}", "{{ tools }}<think></think>", null, true)]
    [InlineData("{{ .Bad", "{{ tools }}", null, true)]
    public void The_template_that_can_do_more_is_in_effect(string? go, string? jinja, bool? setting, bool expected) =>
        Assert.Equal(expected, TemplateChoice.TakesGo(go, jinja, setting));

    [Fact]
    public void A_template_is_checked_before_it_becomes_part_of_a_model()
    {
        Assert.Null(TemplateCheck.FindFailure("{{ .Prompt }}"));
        Assert.Equal("template: :1: unclosed action", TemplateCheck.FindFailure("{{ .Bad"));
    }

    private static (string Content, string Thinking, string Calls) Read(ChatFormat format, string completion, int size)
    {
        var parser = format.CreateParser(Prompt(), "", new Random(1));
        var outputs = completion.Chunk(size).Select(piece => parser.Read(new string(piece))).ToList();
        outputs.Add(parser.Finish());
        var calls = outputs.SelectMany(output => output.ToolCalls).ToList();
        Assert.Equal(Enumerable.Range(0, calls.Count), calls.Select(call => call.Index));
        return (
            string.Concat(outputs.Select(output => output.Content)),
            string.Concat(outputs.Select(output => output.Thinking)),
            string.Join(' ', calls.Select(call => call.Name + call.Arguments.GetRawText())));
    }

    private static ChatPrompt Prompt() => new()
    {
        Messages = [new ChatMessage { Role = "user", Content = "U" }],
        Tools = [Tool("sum"), Tool("summary")],
        Think = new ThinkSetting(true, null),
        Now = GoSample.Now,
    };

    private static ToolDefinition Tool(string name)
    {
        using var definition = JsonDocument.Parse(
            $$$"""{"type":"function","function":{"name":"{{{name}}}"}}""");
        return new ToolDefinition { Name = name, Definition = definition.RootElement.Clone() };
    }
}
