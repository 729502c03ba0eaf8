using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Parsing;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Conversations;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class ChatFormatTests
{
    [Theory]
    [InlineData("{{ messages }}", false, false)]
    [InlineData("{{ tools }}", true, false)]
    [InlineData("{{ message.tool_calls }}", true, false)]
    [InlineData("<think>", false, false)]
    [InlineData("<think></think>", false, true)]
    [InlineData("{{ content.split('</think>')[-1] }}", false, true)]
    [InlineData("{{ reasoning_content ~ content.split('</think>')[-1] }}", false, false)]
    public void Capabilities_show_in_the_text_of_the_template(string template, bool tools, bool thinking)
    {
        var format = ChatFormat.FromJinja(template);
        Assert.Equal((tools, thinking), (format.SupportsTools, format.SupportsThinking));
    }

    [Fact]
    public void A_template_that_does_not_parse_is_refused_with_its_place()
    {
        var exception = Assert.Throws<TemplateException>(() => ChatFormat.FromJinja("a\n  {% if %}"));
        Assert.Equal(2, exception.Line);
        Assert.StartsWith("template:2:", exception.Message);
    }

    [Fact]
    public void A_template_that_raises_an_error_is_refused_with_its_words()
    {
        var format = ChatFormat.FromJinja("{{ raise_exception('Roles must alternate') }}");
        var exception = Assert.Throws<TemplateException>(() => format.Render(Prompt(User("U"))));
        Assert.Contains("Roles must alternate", exception.Message);
    }

    [Fact]
    public void A_template_that_never_ends_is_stopped()
    {
        var format = ChatFormat.FromJinja(
            "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}");
        Assert.Throws<TemplateException>(() => format.Render(Prompt(User("U"))));
    }

    [Theory]
    [InlineData("{{ tools is defined }} {{ enable_thinking is defined }} {{ reasoning_effort is defined }}",
        "False False False")]
    [InlineData("{{ messages[0].tool_calls is defined }} {{ messages[0].reasoning_content is defined }}",
        "False False")]
    [InlineData("{{ messages[0].content is string }} {{ add_generation_prompt }}", "True True")]
    [InlineData("[{{ bos_token }}{{ eos_token }}]", "[]")]
    [InlineData("{{ strftime_now('%d %b %Y') }}", "04 Mar 2026")]
    public void What_was_not_said_is_undefined(string template, string text) =>
        Assert.Equal(text, ChatFormat.FromJinja(template).Render(Prompt(User(""))));

    [Fact]
    public void Everything_that_was_said_has_a_name()
    {
        const string Template =
            """
            {%- for m in messages %}{{ m | tojson }}
            {% endfor -%}
            {{ bos_token ~ eos_token ~ enable_thinking ~ reasoning_effort }} {{ tools[0].function.name }}
            """;
        var call = Call("f", """{"z":1,"a":[null,true,1.5]}""") with { Id = "call_1" };
        var prompt = Prompt(
            Assistant("A", call) with { Thinking = "R" },
            Result("X") with { ToolName = "f", ToolCallId = "call_1" }) with
        {
            Tools = [Weather],
            Think = new(true, "high"),
            BosToken = "<s>",
            EosToken = "</s>",
        };
        Assert.Equal(
            """
            {"role": "assistant", "content": "A", "reasoning_content": "R", "thinking": "R",
             "tool_calls": [{"type": "function", "id": "call_1",
             "function": {"name": "f", "arguments": {"z": 1, "a": [null, true, 1.5]}}}]}
            {"role": "tool", "content": "X", "name": "f", "tool_name": "f", "tool_call_id": "call_1"}
            <s></s>Truehigh get_weather
            """.Replace("\n ", " ", StringComparison.Ordinal),
            ChatFormat.FromJinja(Template).Render(prompt));
    }

    [Theory]
    [InlineData("{{ call.function.arguments | tojson }}", """{"a": 1}""")]
    [InlineData("{{ call.function.arguments.a }}", "1")]
    [InlineData("{{ call.function.arguments }}", """{"a":1}""")]
    [InlineData("{{ 'x' + call.function.arguments }}", """x{"a":1}""")]
    [InlineData("{{ call.function.arguments if call.function.arguments is string else raise_exception('no') }}",
        """{"a":1}""")]
    public void Arguments_come_in_the_form_that_the_template_expects(string expression, string text)
    {
        var format = ChatFormat.FromJinja(
            "{% for m in messages %}{% for call in m.tool_calls or [] %}" + expression + "{% endfor %}{% endfor %}");
        Assert.Equal(text, format.Render(Prompt(User("U"), Assistant("", Call("f", """{"a":1}""")))));
    }

    [Fact]
    public void A_template_that_fails_with_either_form_says_why()
    {
        var format = ChatFormat.FromJinja("{{ raise_exception('never') }}");
        var prompt = Prompt(Assistant("", Call("f", "{}")));
        Assert.Contains("never", Assert.Throws<TemplateException>(() => format.Render(prompt)).Message);
    }

    [Theory]
    [InlineData(true, "U")]
    [InlineData(false, "<s>U")]
    public void The_beginning_token_is_left_to_a_tokenizer_that_adds_it(bool adds, string text)
    {
        var format = ChatFormat.FromJinja("{{ bos_token + messages[0].content }}");
        Assert.Equal(text, format.Render(Prompt(User("U")) with { BosToken = "<s>", AddsBosToken = adds }));
    }

    [Fact]
    public void Without_a_template_texts_are_joined()
    {
        Assert.Equal("U", ChatFormat.Bare.Render(Prompt(User("U"))));
        Assert.Equal(
            "U\n\nU2 A",
            ChatFormat.Bare.Render(Prompt(SystemText("S"), User("U"), User("U2"), Result("X"), Assistant(" A"))));
        Assert.False(ChatFormat.Bare.SupportsTools || ChatFormat.Bare.SupportsThinking);
        const string Text = "<think>x</think><tool_call>{}</tool_call>";
        Assert.Equal(
            new(Text, "", ""),
            Completion.Of(() => ChatFormat.Bare.CreateParser(Prompt(User("U")) with { Tools = [Weather] }, "U"), Text));
    }

    [Theory]
    [InlineData(true, "", "f{}")]
    [InlineData(false, "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "")]
    public void Calls_are_read_only_where_tools_were_offered(bool tools, string content, string calls)
    {
        var format = Format("tiny-chat.jinja");
        var prompt = Prompt(User("U")) with { Tools = tools ? [Weather] : [] };
        const string Text = "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>";
        Assert.Equal(
            new(content, "", calls),
            Completion.Of(() => format.CreateParser(prompt, format.Render(prompt)), Text));
    }

    [Theory]
    [InlineData(null, "<think>\nkid\n</think>\n\nA kid.")]
    [InlineData(true, "kid\n</think>\n\nA kid.")]
    [InlineData(true, "<think>\nkid\n</think>\n\nA kid.")]
    [InlineData(false, "<think>\nkid\n</think>\n\nA kid.")]
    public void Reasoning_is_read_whoever_opened_it(bool? think, string text)
    {
        var format = Format("tiny-chat.jinja");
        var prompt = Prompt(User("What is a baby goat? /think")) with
        {
            Think = think is null ? null : new(think.Value, null),
        };
        Assert.Equal(
            new("A kid.", "kid", ""),
            Completion.Of(() => format.CreateParser(prompt, format.Render(prompt)), text));
    }

    [Fact]
    public void Reasoning_before_an_answer_to_a_tool_result()
    {
        var format = Format("tiny-chat.jinja");
        var prompt = Prompt(User("U"), Assistant("", Call("f", "{}")), Result("<think>")) with
        {
            Tools = [Weather],
            Think = new(true, "low"),
        };
        Assert.Equal(
            new("y", "x", ""),
            Completion.Of(() => format.CreateParser(prompt, format.Render(prompt)), "x\n</think>\n\ny"));
    }

    [Fact]
    public void The_marks_are_named_for_the_detokenizer() => Assert.Equal(
        ["<think>", "</think>", "<tool_call>", "</tool_call>"],
        Format("tiny-chat.jinja").PreservedTokens);

    [Fact]
    public void Half_a_character_in_tools_or_arguments_is_refused()
    {
        var format = Format("tiny-chat.jinja");
        var tool = Tool("""{"function":{"name":"f","description":"\ud800"}}""");
        Assert.Throws<TemplateException>(() => format.Render(Prompt(User("U")) with { Tools = [tool] }));

        var dictionary = ChatFormat.FromJinja("{{ messages[0].tool_calls[0].function.arguments.a }}");
        var call = Call("f", """{"a":"\ud800"}""");
        Assert.Throws<TemplateException>(() => dictionary.Render(Prompt(Assistant("", call), User("U"))));
    }

    [Fact]
    public void One_format_serves_many_at_once()
    {
        var format = Format("tiny-chat.jinja");
        Parallel.For(0, 200, number =>
        {
            var prompt = Prompt(User($"{number}"), Assistant("", Call("f", "{\"n\": " + number + "}")), Result("X"));
            Assert.Equal(
                $$$"""
                <|im_start|>user
                {{{number}}}<|im_end|>
                <|im_start|>assistant
                <tool_call>
                {"name": "f", "arguments": {"n": {{{number}}} } }
                </tool_call><|im_end|>
                <|im_start|>user
                <tool_response>
                X
                </tool_response><|im_end|>
                <|im_start|>assistant

                """.Replace(" } }", "}}", StringComparison.Ordinal),
                format.Render(prompt));
        });
    }
}
