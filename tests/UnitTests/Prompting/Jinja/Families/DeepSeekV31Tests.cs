namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>DeepSeek V3.1: markers after the question tell whether to think.</summary>
public sealed class DeepSeekV31Tests
{
    private const string Template = """
        {% set thinking = thinking | default(false) %}
        {% set now = namespace(asked=false) %}
        {%- set rules = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') |
            join('\n\n') %}
        {{- bos_token ~ rules }}
        {%- if tools is defined and tools %}
            {{- '\n\n## Tools\n' }}
            {%- for fn in tools | map(attribute='function') %}
                {{- '\n### {}\nDescription: {}\n\nParameters: {}\n'.format(fn.name, fn.description,
                    fn.parameters | tojson) }}
            {%- endfor %}
        {%- endif %}
        {%- for turn in messages if turn.role != 'system' %}
            {%- if turn.role == 'user' %}
                {{- '<｜User｜>' ~ turn.content }}
            {%- elif turn.role == 'tool' %}
                {{- '<｜tool▁output▁begin｜>' ~ turn.content ~ '<｜tool▁output▁end｜>' }}
            {%- else %}
                {{- '<｜Assistant｜></think>' if now.asked }}
                {{- turn.content or '' }}
                {%- if turn.tool_calls is defined and turn.tool_calls is not none %}
                    {{- '<｜tool▁calls▁begin｜>' }}
                    {%- for item in turn.tool_calls %}
                        {%- set args = item.function.arguments | tojson %}
                        {{- '<｜tool▁call▁begin｜>' ~ item.function.name ~ '<｜tool▁sep｜>' ~ args ~
                            '<｜tool▁call▁end｜>' }}
                    {%- endfor %}
                    {{- '<｜tool▁calls▁end｜>' }}
                {%- endif %}
                {{- '<｜end▁of▁sentence｜>' }}
            {%- endif %}
            {%- set now.asked = turn.role == 'user' %}
        {%- endfor -%}
        {%- if add_generation_prompt and now.asked %}
            {{- '<｜Assistant｜>' }}{{ '<think>' if thinking else '</think>' }}
        {%- endif %}
        """;

    [Fact]
    public void Without_thinking_the_block_is_closed()
    {
        Assert.Equal(
            "<s>Be brief.<｜User｜>Hi<｜Assistant｜></think>Hello!<｜end▁of▁sentence｜><｜User｜>Bye " +
            "é😀<｜Assistant｜></think>",
            TemplateSample.Render(Template, Conversations.Exchange));
    }

    [Fact]
    public void With_thinking_the_block_is_open()
    {
        Assert.Equal(
            "<s>Be brief.<｜User｜>Hi<｜Assistant｜></think>Hello!<｜end▁of▁sentence｜><｜User｜>Bye " +
            "é😀<｜Assistant｜><think>",
            TemplateSample.Render(Template, Conversations.Exchange, extra: """{"thinking": true}"""));
    }

    [Fact]
    public void Tools_follow_the_system_text()
    {
        Assert.Equal(
            "<s>Be brief.\n" +
            "\n" +
            "## Tools\n" +
            "\n" +
            "### get_weather\n" +
            "Description: Weather of a city\n" +
            "\n" +
            "Parameters: {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}\n" +
            "\n" +
            "### now\n" +
            "Description: Time & date\n" +
            "\n" +
            "Parameters: {\"type\": \"object\", \"properties\": {}}\n" +
            "<｜User｜>Weather in Rome?<｜Assistant｜></think>Let me " +
            "look.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Rome\", \"days\": " +
            "2}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁output▁begin｜>20 " +
            "°C<｜tool▁output▁end｜>It is 20 °C.<｜end▁of▁sentence｜><｜User｜>Thanks<｜Assistant｜></think>",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }
}
