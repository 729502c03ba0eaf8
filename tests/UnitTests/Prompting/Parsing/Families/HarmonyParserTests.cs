using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

public sealed class HarmonyParserTests
{
    private static readonly string[] OddNames =
        ["get-weather", "get.weather", "3d", "été", "!", "browser.search", "python"];

    [Theory]
    [InlineData("<|channel|>analysis<|message|>add<|end|><|start|>assistant<|channel|>final<|message|>5", "5", "add", "")]
    [InlineData("<|channel|>final<|message|>5<|return|>", "5", "", "")]
    [InlineData("<|channel|>commentary to=functions.sum <|constrain|>json<|message|>{\"a\":2}", "", "", "sum{\"a\":2}")]
    [InlineData(" to=functions.sum<|channel|>commentary json<|message|>{\"a\":2}<|call|>", "", "", "sum{\"a\":2}")]
    [InlineData("<|channel|>commentary to=functions.sum<|constrain|>json<|message|>{}", "", "", "sum{}")]
    [InlineData("<|channel|>commentary<|message|>I will look.<|end|><|start|>assistant to=functions.f<|channel|>commentary<|message|>{}",
        "I will look.", "", "f{}")]
    [InlineData("<|channel|>analysis<|message|>a <|e", "", "a <|e", "")]
    [InlineData("noise<|channel|>final<|message|>5", "5", "", "")]
    [InlineData("<|channel|>final<|message|>5<|end|>noise<|start|>assistant<|channel|>final<|message|>6", "56", "", "")]
    [InlineData("<|channel|>commentary to=assistant<|message|>note", "note", "", "")]
    [InlineData("<|channel|>final <|constrain|>json<|message|>{\"x\":1}", "{\"x\":1}", "", "")]
    [InlineData("<|channel|>unknown<|message|>5", "5", "", "")]
    [InlineData("<|channel|>final<|mess", "", "", "")]
    public void Channels_and_recipients_route_the_messages(
        string text, string content, string thinking, string calls) =>
        Assert.Equal(new(content, thinking, calls), BuiltIn.Read("harmony", text, true));

    [Theory]
    [InlineData("{\"a\":", "invalid tool call: not valid JSON")]
    [InlineData("[]", "invalid tool call: the arguments of \"f\" are not a JSON object")]
    public void Broken_arguments_fail_the_request(string body, string message) =>
        Assert.Equal(
            message, BuiltIn.Refusal("harmony", $"<|channel|>commentary to=functions.f<|message|>{body}<|call|>"));

    [Theory]
    [InlineData("", "A", "more<|return|>", "more", "")]
    [InlineData("R", "", " on<|end|><|start|>assistant<|channel|>final<|message|>5", "5", " on")]
    public void A_prefilled_answer_goes_on_where_it_was_left(
        string prefilledThinking, string prefilled, string text, string content, string thinking)
    {
        var answer = Conversations.Assistant(prefilled) with { Thinking = prefilledThinking };
        Assert.Equal(
            new(content, thinking, ""), BuiltIn.Read("harmony", text, BuiltIn.Prompt(true, BuiltIn.U, answer)));
    }

    [Fact]
    public void A_layer_in_Go_that_writes_channels_is_read_by_them_and_comes_first()
    {
        const string Layer = "{{ range .Messages }}<|start|>{{ .Role }}<|message|>{{ .Content }}<|end|>{{ end }}"
            + "<|start|>assistant{{ if .Tools }}<|channel|>{{ end }}";
        var format = ChatFormat.FromGo(Layer);
        var prompt = Conversations.Prompt(Conversations.User("2+3")) with { Tools = [Conversations.Weather] };

        Assert.True(format.SupportsThinking && format.SupportsTools);
        Assert.Equal(
            new("5", "add", "get_weather{\"city\":\"Oslo\"}"),
            Completion.Of(
                () => format.CreateParser(prompt, format.Render(prompt), new Random(1)),
                "<|channel|>analysis<|message|>add<|end|><|start|>assistant<|channel|>final<|message|>5<|end|>"
                + "<|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|>"
                + "{\"city\":\"Oslo\"}<|call|>"));
        Assert.True(TemplateChoice.TakesGo(Layer, "{{ tools }}{{ tool_calls }} 'tool'", setting: false));
    }

    [Fact]
    public void Names_become_identifiers_for_the_model_and_come_back()
    {
        var tools = OddNames
            .Select(name => Conversations.Tool($$$"""{"type":"function","function":{"name":"{{{name}}}"}}"""))
            .ToArray();
        var format = ChatFormat.FromJinja(
            "{% for t in tools %}{{ t.function.name }} {% endfor %}{% for m in messages %}"
            + "{% for c in m.tool_calls or [] %}{{ c.function.name }}{% endfor %}{% endfor %}"
            + "{# <|channel|> <|message|> tool_calls #}");
        var call = Conversations.Assistant("", Conversations.Call("get.weather", "{}"));
        var prompt = BuiltIn.Prompt(true, BuiltIn.U, call, BuiltIn.Result) with { Tools = tools };
        Assert.Equal(
            "get_weather get_weather_2 _3d été unnamed browser.search python get_weather_2", format.Render(prompt));
        var text = "<|channel|>commentary to=functions.get_weather_2<|message|>{}";
        Assert.Equal("get.weather{}", BuiltIn.Read("harmony", text, true, tools).Calls);
    }

    [Theory]
    [InlineData("max", "high")]
    [InlineData("low", "low")]
    public void The_effort_ends_at_high(string level, string shown)
    {
        var format = ChatFormat.FromJinja("{{ reasoning_effort }}{# <|channel|> <|message|> #}");
        var prompt = BuiltIn.Prompt(true, BuiltIn.U) with { Think = new ThinkSetting(true, level) };
        Assert.Equal(shown, format.Render(prompt));
    }

    [Theory]
    [InlineData("", "A", "<|start|>assistant<|channel|>final<|message|>A")]
    [InlineData("R", "A", "<|start|>assistant<|channel|>analysis<|message|>R<|end|><|start|>assistant<|channel|>final<|message|>A")]
    [InlineData("R", "", "<|start|>assistant<|channel|>analysis<|message|>R")]
    public void The_last_answer_is_left_open_in_its_channel(string thinking, string content, string expected)
    {
        var format = ChatFormat.FromJinja("{{ '<|start|>assistant' }}{# <|channel|> <|message|> #}");
        var answer = Conversations.Assistant(content) with { Thinking = thinking };
        Assert.Equal(expected, format.Render(BuiltIn.Prompt(true, BuiltIn.U, answer)));
    }

    [Fact]
    public void A_format_holds_from_the_final_channel_on()
    {
        var format = ChatFormat.Bare.ReadBy("harmony");
        Assert.Equal(
            new(null, "<|channel|>final<|message|>"), format.FindPreface(BuiltIn.Prompt(true, BuiltIn.U), ""));
        Assert.Null(format.FindPreface(BuiltIn.Prompt(true, BuiltIn.U, BuiltIn.A), ""));
    }
}
