namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Command R: Python stubs and indented JSON.</summary>
public sealed class CommandRTests
{
    private const string Template = """"
        {{ bos_token }}
        {%- macro turn(who) -%}
            <|START_OF_TURN_TOKEN|><|{{ who }}_TOKEN|>{{ caller() }}<|END_OF_TURN_TOKEN|>
        {%- endmacro -%}
        {%- macro stub(fn) -%}
        def {{ fn.name }}(
        {%- for name, spec in fn.parameters.properties.items() -%}
        {{ name }}: {{ {'string': 'str', 'integer': 'int', 'boolean': 'bool'}[spec.type] | default('Any') }}
        {%- if name not in fn.parameters.required %} = None{% endif %}{{ '' if loop.last else ', ' }}
        {%- endfor -%}
        ):
            """{{ fn.description }}"""
            pass
        {%- endmacro -%}
        {%- set given = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | first
            -%}
        {%- call turn('SYSTEM') -%}
        {{ given | default('You are Command.') }}
        {%- for tool in tools or [] -%}
        {{ '\n\n## Available Tools\n' if loop.first else '\n\n' }}{{ '```python\n' ~ stub(tool.function) ~
            '\n```' }}
        {%- endfor -%}
        {%- endcall -%}
        {%- for message in messages if message.role != 'system' -%}
        {%- if message.tool_calls is defined -%}
        {%- call turn('CHATBOT') -%}
        Action: ```json
        [
        {%- for item in message.tool_calls -%}
        {{- '\n' if loop.first else ',\n' -}}
        {{- {'tool_name': item.function.name, 'parameters': item.function.arguments} | tojson(indent=4) |
            indent(4, first=true) -}}
        {%- endfor %}

        ]```
        {%- endcall -%}
        {%- elif message.role == 'tool' -%}
        {%- if loop.previtem.role != 'tool' %}<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><results>{% endif %}

        console_output: {{ message.content -}}
        {{- '\n</results><|END_OF_TURN_TOKEN|>' if loop.last or loop.nextitem.role != 'tool' -}}
        {%- else -%}
        {%- call turn('USER' if message.role == 'user' else 'CHATBOT') -%}{{ message.content.strip() }}{%-
            endcall -%}
        {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}
        """";

    [Fact]
    public void Tools_are_python_stubs()
    {
        Assert.Equal(
            "<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be brief.\n" +
            "\n" +
            "## Available Tools\n" +
            "```python\n" +
            "def get_weather(city: str, days: int = None):\n" +
            "    \"\"\"Weather of a city\"\"\"\n" +
            "    pass\n" +
            "```\n" +
            "\n" +
            "```python\n" +
            "def now():\n" +
            "    \"\"\"Time & date\"\"\"\n" +
            "    pass\n" +
            "```<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TUR" +
            "N_TOKEN|><|CHATBOT_TOKEN|>Hello!<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Bye " +
            "é😀<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.Tools));
    }

    [Fact]
    public void Calls_are_an_indented_list()
    {
        Assert.Equal(
            "<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>You are " +
            "Command.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Rome " +
            "now?<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>Action: ```json\n" +
            "[\n" +
            "    {\n" +
            "        \"tool_name\": \"get_weather\",\n" +
            "        \"parameters\": {\n" +
            "            \"city\": \"Rome\"\n" +
            "        }\n" +
            "    },\n" +
            "    {\n" +
            "        \"tool_name\": \"now\",\n" +
            "        \"parameters\": {}\n" +
            "    }\n" +
            "]```<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|><results>\n" +
            "console_output: 20\n" +
            "console_output: 12:00\n" +
            "</results><|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
            TemplateSample.Render(Template, Conversations.ParallelCalls));
    }
}
