namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Nemotron Nano: switches for thinking inside the text.</summary>
public sealed class NemotronNanoTests
{
    private const string Template = """
        {%- macro cleaned(text) -%}
            {{ text.replace('</think>', '\0').replace('/no_think', '').replace('/think', '').replace('\0',
                '</think>').strip() }}
        {%- endmacro -%}
        {%- set mode = namespace(thinks=true) -%}
        {%- for turn in messages if turn.role in ('system', 'user') -%}
            {%- set text = turn.content.replace('</think>', '') -%}
            {%- set mode.thinks = true if '/think' in text else false if '/no_think' in text else mode.thinks
                -%}
        {%- endfor -%}
        {%- set ruled = messages[0].role == 'system' -%}
        {{- bos_token -}}<SPECIAL_10>System
        {% if ruled -%}
        {{ cleaned(messages[0].content) }}
        {%- endif -%}
        {%- if tools -%}
        {{- '\n\nTools: <AVAILABLE_TOOLS>' ~ tools | map(attribute='function') | list | tojson ~
            '</AVAILABLE_TOOLS>' -}}
        {%- endif -%}
        {%- for turn in messages[1 if ruled else 0:] -%}
            {%- if turn.role == 'user' %}
        {{ '\n<SPECIAL_11>User\n' ~ cleaned(turn.content) }}
            {%- elif turn.role == 'tool' -%}
                {{- ', ' if loop.previtem.role == 'tool' else '\n<SPECIAL_11>User\n<TOOL_RESPONSE>[' -}}
                {{- turn.content -}}
                {{- ']</TOOL_RESPONSE>' if loop.nextitem is not defined or loop.nextitem.role != 'tool' -}}
            {%- else -%}
                {%- set said = (turn.content or '').split('</think>', 1)[-1] -%}
                {{- '\n<SPECIAL_11>Assistant\n' ~ said.strip() -}}
                {%- for item in turn.tool_calls -%}
                    {{- '<TOOLCALL>[' if loop.first else ', ' -}}
                    {{- '{"name": "' ~ item.function.name ~ '", "arguments": ' ~ item.function.arguments |
                        tojson ~ '}' -}}
                    {{- ']</TOOLCALL>' if loop.last -}}
                {%- endfor -%}
                {{- '\n<SPECIAL_12>' -}}
            {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            {{- '\n<SPECIAL_11>Assistant\n' ~ ('<think>\n' if mode.thinks else '<think></think>') -}}
        {%- endif -%}
        """;

    [Fact]
    public void Thinking_is_on_by_default()
    {
        Assert.Equal(
            "<s><SPECIAL_10>System\n" +
            "Be brief.\n" +
            "\n" +
            "Tools: <AVAILABLE_TOOLS>[{\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a " +
            "city\", \"parameters\": {\"type\": \"object\", " +
            "\"properties\": {\"city\": {\"type\": \"string\", \"description\": " +
            "\"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": 3}}, " +
            "\"required\": [\"city\"]}}, {\"name\": \"now\", \"description\": \"Time & date\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {}}}]</AVAILABLE_TOOLS>\n" +
            "<SPECIAL_11>User\n" +
            "Hi\n" +
            "<SPECIAL_11>Assistant\n" +
            "Hello!\n" +
            "<SPECIAL_12>\n" +
            "<SPECIAL_11>User\n" +
            "Bye é😀\n" +
            "<SPECIAL_11>Assistant\n" +
            "<think>\n",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.Tools));
    }

    [Fact]
    public void A_switch_in_the_text_turns_it_off()
    {
        Assert.Equal(
            "<s><SPECIAL_10>System\n" +
            "Be brief.\n" +
            "<SPECIAL_11>User\n" +
            "Hi\n" +
            "<SPECIAL_11>Assistant\n" +
            "<think></think>",
            TemplateSample.Render(Template, Conversations.NoThink));
    }

    [Fact]
    public void Results_are_one_list()
    {
        Assert.Equal(
            "<s><SPECIAL_10>System\n" +
            "\n" +
            "<SPECIAL_11>User\n" +
            "Rome now?\n" +
            "<SPECIAL_11>Assistant\n" +
            "<TOOLCALL>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\"}}, {\"name\": " +
            "\"now\", \"arguments\": {}}]</TOOLCALL>\n" +
            "<SPECIAL_12>\n" +
            "<SPECIAL_11>User\n" +
            "<TOOL_RESPONSE>[20, 12:00]</TOOL_RESPONSE>\n" +
            "<SPECIAL_11>Assistant\n" +
            "<think>\n",
            TemplateSample.Render(Template, Conversations.ParallelCalls));
    }
}
