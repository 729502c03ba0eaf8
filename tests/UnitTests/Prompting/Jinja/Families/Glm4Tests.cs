namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>GLM 4.5: macros, text outside of tags, arguments as pairs of tags.</summary>
public sealed class Glm4Tests
{
    private const string Template = """
        [gMASK]<sop>
        {%- macro text_of(content) -%}
            {%- if content is string or content is none -%}
                {{ content or '' }}
            {%- else -%}
                {%- for item in content -%}{{ item if item is string else item.get('text', '') }}{%- endfor -%}
            {%- endif -%}
        {%- endmacro -%}
        {%- set quiet = enable_thinking is defined and not enable_thinking -%}
        {%- if tools -%}
        <|system|>
        # Tools

        <tools>
        {% for tool in tools %}
        {{ tool | tojson(ensure_ascii=False) }}
        {% endfor %}
        </tools>
        {%- endif -%}
        {%- set asked = namespace(at=-1) -%}
        {%- for turn in messages if turn.role == 'user' -%}
            {%- set asked.last = turn -%}
        {%- endfor -%}
        {%- for turn in messages -%}
            {%- set asked.at = loop.index0 if turn == asked.last else asked.at -%}
        {%- endfor -%}
        {% for turn in messages %}
        {%- if turn.role == 'system' -%}
        <|system|>
        {{ text_of(turn.content) }}
        {%- elif turn.role == 'user' -%}
        <|user|>
        {{ text_of(turn.content) }}{{ '/nothink' if quiet and not text_of(turn.content).endswith('/nothink') }}
        {%- elif turn.role == 'tool' -%}
        {{ '<|observation|>' if loop.previtem.role != 'tool' }}
        <tool_response>
        {{ text_of(turn.content) }}
        </tool_response>
        {%- else -%}
        <|assistant|>
        <think>{{ turn.reasoning_content.strip() if turn.reasoning_content is string and loop.index0 > asked.at
            }}</think>
        {%- set answer = text_of(turn.content).split('</think>')[-1].strip() -%}
        {{ '\n' ~ answer if answer }}
        {%- for item in turn.tool_calls %}

        <tool_call>{{ item.function.name }}
        {% for key, value in item.function.arguments.items() %}
        <arg_key>{{ key }}</arg_key>
        <arg_value>{{ value if value is string else value | tojson(ensure_ascii=False) }}</arg_value>
        {% endfor %}
        </tool_call>
        {%- endfor -%}
        {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            <|assistant|>{{- '\n<think></think>' if quiet -}}
        {%- endif -%}
        """;

    [Fact]
    public void Tools_stand_first()
    {
        Assert.Equal(
            "[gMASK]<sop><|system|>\n" +
            "# Tools\n" +
            "\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools><|system|>\n" +
            "Be brief.<|user|>\n" +
            "Hi<|assistant|>\n" +
            "<think></think>\n" +
            "Hello!<|user|>\n" +
            "Bye é😀<|assistant|>",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.Tools));
    }

    [Fact]
    public void Thinking_can_be_switched_off()
    {
        Assert.Equal(
            "[gMASK]<sop><|user|>\n" +
            "Hi/nothink<|assistant|>\n" +
            "<think></think>",
            TemplateSample.Render(Template, Conversations.Simple, extra: """{"enable_thinking": false}"""));
    }

    [Fact]
    public void Arguments_are_pairs_of_tags()
    {
        Assert.Equal(
            "[gMASK]<sop><|system|>\n" +
            "Be brief.<|user|>\n" +
            "Weather in Rome?<|assistant|>\n" +
            "<think></think>\n" +
            "Let me look.\n" +
            "<tool_call>get_weather\n" +
            "<arg_key>city</arg_key>\n" +
            "<arg_value>Rome</arg_value>\n" +
            "<arg_key>days</arg_key>\n" +
            "<arg_value>2</arg_value>\n" +
            "</tool_call><|observation|>\n" +
            "<tool_response>\n" +
            "20 °C\n" +
            "</tool_response><|assistant|>\n" +
            "<think></think>\n" +
            "It is 20 °C.<|user|>\n" +
            "Thanks<|assistant|>",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }

    [Fact]
    public void Thinking_after_the_last_question_is_kept()
    {
        Assert.Equal(
            "[gMASK]<sop><|user|>\n" +
            "Rome now?<|assistant|>\n" +
            "<think>Two calls.</think>\n" +
            "<tool_call>get_weather\n" +
            "<arg_key>city</arg_key>\n" +
            "<arg_value>Rome</arg_value>\n" +
            "</tool_call>\n" +
            "<tool_call>now\n" +
            "</tool_call><|observation|>\n" +
            "<tool_response>\n" +
            "20\n" +
            "</tool_response>\n" +
            "<tool_response>\n" +
            "12:00\n" +
            "</tool_response><|assistant|>",
            TemplateSample.Render(Template, Conversations.ParallelCalls));
    }
}
