using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Go.Families;

/// <summary>The prompts of the common families, from templates written as their models carry them.</summary>
public sealed class GoFamilyTests
{
    private const string Alpaca =
        """
        {{- if .System }}{{ .System }}

        {{ end }}{{ if .Prompt }}### Instruction:
        {{ .Prompt }}

        {{ end }}### Response:
        {{ .Response }}

        """;

    private const string ChatMl =
        """
        {{- range .Messages }}<|im_start|>{{ .Role }}
        {{ .Content }}<|im_end|>
        {{ end }}<|im_start|>assistant

        """;

    private const string Llama2 =
        "[INST] {{ if .System }}<<SYS>>\n{{ .System }}\n<</SYS>>\n\n{{ end }}{{ .Prompt }} [/INST] "
        + "{{ .Response }}</s><s>";

    private const string Zephyr =
        """
        {{ if .System }}<|system|>
        {{ .System }}</s>
        {{ end }}{{ if .Prompt }}<|user|>
        {{ .Prompt }}</s>
        {{ end }}<|assistant|>
        {{ .Response }}</s>

        """;

    private const string Gemma =
        """
        {{- $system := "" }}
        {{- range $i, $message := .Messages }}
        {{- if eq .Role "system" }}{{ $system = .Content }}{{ continue }}{{ end }}
        {{- $role := .Role }}{{ if eq $role "assistant" }}{{ $role = "model" }}{{ end -}}
        <start_of_turn>{{ $role }}
        {{ if and $system (eq .Role "user") }}{{ $system }}

        {{ $system = "" }}{{ end }}{{ .Content }}<end_of_turn>
        {{ end }}<start_of_turn>model

        """;

    private const string Phi3 =
        """
        {{ range .Messages }}<|{{ .Role }}|>
        {{ .Content }}<|end|>
        {{ end }}<|assistant|>

        """;

    private const string Llama3 =
        """
        {{- if or .System .Tools }}<|start_header_id|>system<|end_header_id|>
        {{ if .System }}
        {{ .System }}{{ end }}
        {{- if .Tools }}
        You can call functions.{{ end }}<|eot_id|>
        {{- end }}
        {{- range $i, $_ := .Messages }}
        {{- $last := eq (len (slice $.Messages $i)) 1 }}
        {{- if eq .Role "user" }}<|start_header_id|>user<|end_header_id|>

        {{ if and $.Tools $last }}{{ range $.Tools }}{{ . }}
        {{ end }}Question: {{ end }}{{ .Content }}<|eot_id|>
        {{- else if eq .Role "assistant" }}<|start_header_id|>assistant<|end_header_id|>

        {{ if .ToolCalls }}{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "parameters":
        {{- " " }}{{ .Function.Arguments }}}
        {{- end }}{{ else }}{{ .Content }}{{ end }}{{ if not $last }}<|eot_id|>{{ end }}
        {{- else if eq .Role "tool" }}<|start_header_id|>ipython<|end_header_id|>

        {{ .Content }}<|eot_id|>
        {{- end }}
        {{- if and $last (ne .Role "assistant") }}<|start_header_id|>assistant<|end_header_id|>

        {{ end }}
        {{- end }}
        """;

    private const string Mistral =
        """
        {{- range $index, $_ := .Messages }}
        {{- if eq .Role "user" }}
        {{- if and (le (len (slice $.Messages $index)) 2) $.Tools }}[AVAILABLE_TOOLS] {{ $.Tools }}[/AVAILABLE_TOOLS]
        {{- end }}[INST] {{ .Content }}[/INST]
        {{- else if eq .Role "assistant" }}
        {{- if .ToolCalls }}[TOOL_CALLS] [
        {{- range $i, $c := .ToolCalls }}{{ if $i }}, {{ end }}{"name": "{{ .Function.Name }}", "arguments":
        {{- " " }}{{ json .Function.Arguments }}}{{ end }}]</s>
        {{- else }} {{ .Content }}</s>{{ end }}
        {{- else if eq .Role "tool" }}[TOOL_RESULTS] {"content": {{ .Content }}} [/TOOL_RESULTS]
        {{- end }}
        {{- end }}
        """;

    private const string CommandR =
        """
        {{- if .System }}<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>{{ .System }}
        {{- range $.Tools }}
        def {{ .Function.Name }}(
        {{- range $name, $property := .Function.Parameters.Properties }}{{ $name }}: {{ $property.Type }}{{ ", " }}
        {{- end }}): {{ .Function.Description }}
        {{- end }}<|END_OF_TURN_TOKEN|>{{ end }}
        {{- range .Messages }}
        {{- if eq .Role "system" }}{{ continue }}{{ end }}<|START_OF_TURN_TOKEN|>
        {{- if eq .Role "user" }}<|USER_TOKEN|>{{ else }}<|CHATBOT_TOKEN|>{{ end }}{{ .Content }}<|END_OF_TURN_TOKEN|>
        {{- end }}<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>
        """;

    private static readonly ChatMessage System = new() { Role = "system", Content = "S" };
    private static readonly ChatMessage User = new() { Role = "user", Content = "U" };
    private static readonly ChatMessage Assistant = new() { Role = "assistant", Content = "A" };
    private static readonly ChatMessage Again = new() { Role = "user", Content = "V" };

    [Theory]
    [InlineData(Alpaca,
        "S\n\n### Instruction:\nU\n\n### Response:\nA\n### Instruction:\nV\n\n### Response:\n")]
    [InlineData(ChatMl, "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(Llama2, "[INST] <<SYS>>\nS\n<</SYS>>\n\nU [/INST] A</s><s>[INST] V [/INST] ")]
    [InlineData(Zephyr, "<|system|>\nS</s>\n<|user|>\nU</s>\n<|assistant|>\nA</s>\n<|user|>\nV</s>\n<|assistant|>\n")]
    [InlineData(Gemma, "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nV<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData(Phi3, "<|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\nA<|end|>\n<|user|>\nV<|end|>\n<|assistant|>\n")]
    [InlineData(Mistral, "[INST] U[/INST] A</s>[INST] V[/INST]")]
    [InlineData(CommandR, "<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>U<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>A<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>V<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>")]
    public void A_conversation_has_the_form_of_its_family(string template, string expected) =>
        Assert.Equal(expected, Render(template, Prompt(System, User, Assistant, Again)));

    [Fact]
    public void An_exchange_that_goes_on_with_the_answer_is_left_open() =>
        Assert.Equal("[INST] U [/INST] A", Render(Llama2, Prompt(User, Assistant)));

    [Fact]
    public void Messages_of_one_role_become_one_and_tool_results_stay_apart()
    {
        var result = new ChatMessage { Role = "tool", Content = "T" };
        var text = Render(
            "{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}", Prompt(User, Again, result, result));
        Assert.Equal("user:U\n\nV;tool:T;tool:T;", text);
        Assert.Equal("S\n\nS", Render("{{ .System }}{{ if .Messages }}{{ end }}", Prompt(System, User, System)));
    }

    [Fact]
    public void Llama_3_puts_the_tools_into_the_last_question()
    {
        var calls = Prompt(User, Call(), new ChatMessage { Role = "tool", Content = "sunny" }) with { Tools = Tools() };
        Assert.Equal(
            "<|start_header_id|>system<|end_header_id|>\n\nYou can call functions.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n"
            + "{\"name\": \"weather\", \"parameters\": {\"a\":1,\"city\":\"Rome\"}}<|eot_id|>"
            + "<|start_header_id|>ipython<|end_header_id|>\n\nsunny<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n",
            Render(Llama3, calls));
        var question = Render(Llama3, Prompt(User) with { Tools = Tools() });
        Assert.Contains(
            "\n\n{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"Tells it.\","
            + "\"parameters\":"
            + "{\"type\":\"object\",\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"days\":{\"type\":[\"integer\",\"null\"]}}}}}\nQuestion: U<|eot_id|>",
            question, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistral_lists_tools_and_calls_as_json()
    {
        var text = Render(Mistral, Prompt(User, Call()) with { Tools = Tools() });
        Assert.StartsWith("[AVAILABLE_TOOLS] [{\"type\":\"function\",", text, StringComparison.Ordinal);
        Assert.EndsWith(
            "[INST] U[/INST][TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"a\":1,\"city\":\"Rome\"}}]</s>",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_r_describes_the_parameters() => Assert.Contains(
        "def weather(city: string, days: [integer null], ): Tells it.",
        Render(CommandR, Prompt(System, User) with { Tools = Tools() }), StringComparison.Ordinal);

    [Fact]
    public void Types_of_parameters_have_names_in_type_script() => Assert.Equal(
        "city:string days:number | null ",
        Render(
            "{{ range .Tools }}{{ range $n, $p := .Function.Parameters.Properties }}{{ $n }}:{{ toTypeScriptType $p }} "
            + "{{ end }}{{ end }}{{ if .Messages }}{{ end }}",
            Prompt(User) with { Tools = Tools() }));

    [Theory]
    [InlineData(null, null, "false false []")]
    [InlineData(false, null, "false true []")]
    [InlineData(true, null, "true true [medium]")]
    [InlineData(true, "high", "true true [high]")]
    public void A_template_learns_whether_to_think(bool? enabled, string? level, string expected)
    {
        var prompt = Prompt(User) with { Think = enabled is { } on ? new ThinkSetting(on, level) : null };
        Assert.Equal(
            expected, Render("{{ .Think }} {{ .IsThinkSet }} [{{ .ThinkLevel }}]{{ if .Messages }}{{ end }}", prompt));
    }

    [Fact]
    public void The_beginning_token_is_not_written_twice()
    {
        var prompt = Prompt(User) with { BosToken = "<s>", AddsBosToken = true };
        Assert.Equal("U", Render("<s>{{ .Prompt }}", prompt));
        Assert.Equal("<s>U", Render("<s>{{ .Prompt }}", prompt with { AddsBosToken = false }));
    }

    private static string Render(string template, ChatPrompt prompt) => ChatFormat.FromGo(template).Render(prompt);

    private static ChatPrompt Prompt(params ChatMessage[] messages) =>
        new() { Messages = messages, Now = GoSample.Now };

    private static ChatMessage Call() => new()
    {
        Role = "assistant",
        ToolCalls = [new ToolCall { Name = "weather", Arguments = Json("""{"city":"Rome","a":1}""") }],
    };

    private static List<ToolDefinition> Tools() =>
    [
        new()
        {
            Name = "weather",
            Definition = Json(
                """
                {"type":"function","function":{"name":"weather","description":"Tells it.","parameters":{"type":"object",
                 "properties":{"days":{"type":["integer","null"]},"city":{"type":"string","minLength":1}},
                 "required":["city"]}}}
                """),
        },
    ];

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
