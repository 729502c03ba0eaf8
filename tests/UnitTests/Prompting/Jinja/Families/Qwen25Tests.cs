namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Qwen 2.5: tools in the system turn, calls in tags.</summary>
public sealed class Qwen25Tests
{
    private const string Template = """
        {%- macro open(who) %}{{ '<|im_start|>' ~ who }}{% endmacro %}
        {%- set close = '<|im_end|>\n' %}
        {%- set has_system = messages[0]['role'] == 'system' %}
        {{- open('system') + '\n' + (messages[0]['content'] if has_system else 'Answer as an assistant.') }}
        {%- if tools %}
            {{- '\n\n# Tools\n\nEach line is a tool:\n<tools>' }}
            {%- for entry in tools %}
                {{- '\n' + entry | tojson }}
            {%- endfor %}
            {{- '\n</tools>\n\nCall as <tool_call>\n{\"name\": …, \"arguments\": {…}}\n</tool_call>' }}
        {%- endif %}
        {{- close }}
        {%- for turn in (messages[1:] if has_system else messages) %}
            {%- if turn.role == 'tool' %}
                {{- open('user') if loop.previtem is undefined or loop.previtem.role != 'tool' }}
                {{- '\n<tool_response>\n' ~ turn.content ~ '\n</tool_response>' }}
                {{- close if loop.nextitem is undefined or loop.nextitem.role != 'tool' }}
            {%- else %}
                {{- open(turn.role) }}
                {%- if turn.content or not turn.tool_calls %}
                    {{- '\n' ~ turn.content }}
                {%- endif %}
                {%- for item in turn.tool_calls %}
                    {%- set fn = item.function if item.function is defined else item %}
                    {{- '\n<tool_call>\n{"name": "' ~ fn.name ~ '", "arguments": ' ~ fn.arguments | tojson ~
                        '}\n</tool_call>' }}
                {%- endfor %}
                {{- close }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- open('assistant') ~ '\n' }}
        {%- endif %}
        """;

    [Fact]
    public void A_default_system_text_is_written()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Answer as an assistant.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Simple));
    }

    [Fact]
    public void Tools_stand_in_the_system_turn()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "Each line is a tool:\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools>\n" +
            "\n" +
            "Call as <tool_call>\n" +
            "{\"name\": …, \"arguments\": {…}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Weather in Rome?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Let me look.\n" +
            "<tool_call>\n" +
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\", \"days\": 2}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "<tool_response>\n" +
            "20 °C\n" +
            "</tool_response><|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "It is 20 °C.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Thanks<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }

    [Fact]
    public void Results_of_parallel_calls_share_a_turn()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Answer as an assistant.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "Each line is a tool:\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools>\n" +
            "\n" +
            "Call as <tool_call>\n" +
            "{\"name\": …, \"arguments\": {…}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Rome now?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<tool_call>\n" +
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\"}}\n" +
            "</tool_call>\n" +
            "<tool_call>\n" +
            "{\"name\": \"now\", \"arguments\": {}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "<tool_response>\n" +
            "20\n" +
            "</tool_response>\n" +
            "<tool_response>\n" +
            "12:00\n" +
            "</tool_response><|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ParallelCalls, tools: Conversations.Tools));
    }
}
