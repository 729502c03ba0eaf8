namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Qwen 3 Coder: tools and calls as tags, one for each parameter.</summary>
public sealed class QwenCoderTests
{
    private const string Template = """
        {% macro tag(name, value) %}
            {%- if value is mapping or (value is sequence and value is not string) %}
                {%- set value = value | tojson | safe %}
            {%- endif %}
            {{- '\n<' ~ name ~ '>' ~ (value | string) ~ '</' ~ name ~ '>' }}
        {%- endmacro %}
        {% macro remaining(fields, known) %}
            {%- for key in fields if key not in known %}
                {{- tag(key, fields[key]) }}
            {%- endfor %}
        {%- endmacro %}
        {%- if tools is iterable and tools | length %}
            {{- '<|im_start|>system\n# Tools\n\n<tools>' }}
            {%- for fn in tools | map(attribute='function') %}
                {{- '\n<function>' ~ tag('name', fn.name) ~ tag('description', fn.description | trim) ~
                    '\n<parameters>' }}
                {%- for name, fields in fn.parameters.properties | items %}
                    {{- '\n<parameter>' ~ tag('name', name) ~ tag('type', fields.type) }}
                    {{- remaining(fields, known=['name', 'type']) ~ '\n</parameter>' }}
                {%- endfor %}
                {{- remaining(fn.parameters, ('type', 'properties')) ~ '\n</parameters>\n</function>' }}
            {%- endfor %}
            {{- '\n</tools><|im_end|>\n' }}
        {%- endif %}
        {%- for turn in messages %}
            {{- '<|im_start|>' + turn.role }}
            {%- if turn.role == 'assistant' and turn.tool_calls is defined and turn.tool_calls is iterable %}
                {{- '\n' ~ turn.content | trim ~ '\n' if turn.content is string and turn.content | trim | length
                    > 0 }}
                {%- for item in turn.tool_calls %}
                    {{- '\n<tool_call>\n<function=' ~ item.function.name ~ '>' }}
                    {%- for name, value in item.function.arguments | items %}
                        {%- set value = value if value is string else value | tojson %}
                        {{- '\n<parameter=' ~ name ~ '>\n' ~ value ~ '\n</parameter>' }}
                    {%- endfor %}
                    {{- '\n</function>\n</tool_call>' }}
                {%- endfor %}
            {%- else %}
                {{- '\n' ~ turn.content }}
            {%- endif %}
            {{- '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    [Fact]
    public void Tools_are_written_as_tags()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "# Tools\n" +
            "\n" +
            "<tools>\n" +
            "<function>\n" +
            "<name>get_weather</name>\n" +
            "<description>Weather of a city</description>\n" +
            "<parameters>\n" +
            "<parameter>\n" +
            "<name>city</name>\n" +
            "<type>string</type>\n" +
            "<description>Its name</description>\n" +
            "</parameter>\n" +
            "<parameter>\n" +
            "<name>days</name>\n" +
            "<type>integer</type>\n" +
            "<default>3</default>\n" +
            "</parameter>\n" +
            "<required>[\"city\"]</required>\n" +
            "</parameters>\n" +
            "</function>\n" +
            "<function>\n" +
            "<name>now</name>\n" +
            "<description>Time & date</description>\n" +
            "<parameters>\n" +
            "</parameters>\n" +
            "</function>\n" +
            "</tools><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Simple, tools: Conversations.Tools));
    }

    [Fact]
    public void Arguments_are_written_as_tags()
    {
        Assert.Equal(
            "<|im_start|>user\n" +
            "Rome now?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<tool_call>\n" +
            "<function=get_weather>\n" +
            "<parameter=city>\n" +
            "Rome\n" +
            "</parameter>\n" +
            "</function>\n" +
            "</tool_call>\n" +
            "<tool_call>\n" +
            "<function=now>\n" +
            "</function>\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>tool\n" +
            "20<|im_end|>\n" +
            "<|im_start|>tool\n" +
            "12:00<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ParallelCalls));
    }

    [Fact]
    public void Content_stands_before_the_call()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Weather in Rome?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Let me look.\n" +
            "\n" +
            "<tool_call>\n" +
            "<function=get_weather>\n" +
            "<parameter=city>\n" +
            "Rome\n" +
            "</parameter>\n" +
            "<parameter=days>\n" +
            "2\n" +
            "</parameter>\n" +
            "</function>\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>tool\n" +
            "20 °C<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "It is 20 °C.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Thanks<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }
}
