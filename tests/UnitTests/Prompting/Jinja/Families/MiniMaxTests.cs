namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>MiniMax M2: XML made by a recursive macro, a set block for the system text.</summary>
public sealed class MiniMaxTests
{
    private const string Template = """
        {%- macro xml(value) -%}
            {%- if value is mapping -%}
                {%- for key, inner in value.items() -%}<{{ key }}>{{ xml(inner) }}</{{ key }}>{%- endfor -%}
            {%- elif value is iterable and value is not string -%}
                {%- for inner in value -%}<item>{{ xml(inner) }}</item>{%- endfor -%}
            {%- else -%}
                {{ 'null' if value is none else value | string | lower if value is boolean else value }}
            {%- endif -%}
        {%- endmacro -%}
        {%- set end = '[e~[\n' -%}
        {%- set asked = namespace() -%}
        {%- for turn in messages -%}{%- if turn.role == 'user' -%}{%- set asked.at = loop.index -%}{%- endif
            -%}{%- endfor -%}
        {%- set rules -%}
            {%- for turn in messages if turn.role == 'system' -%}{{ turn.content }}{%- else -%}Be helpful.{%-
                endfor -%}
        {%- endset -%}
        {{- ']~!b[' ~ ']~b]system\n' ~ rules ~ end }}
        {%- for turn in messages -%}
            {%- if turn.role == 'system' -%}{%- continue -%}{%- endif -%}
            {%- set label = {'user': 'user', 'assistant': 'ai', 'tool': 'tool'}[turn.role] -%}
            {%- if label is undefined -%}
                {{- raise_exception('What is ' ~ turn.role ~ '?') }}
            {%- endif -%}
            {{- ']~b]' ~ label ~ '\n' }}
            {%- if turn.reasoning_content and loop.index > asked.at -%}
                {{- '<think>\n' ~ turn.reasoning_content ~ '\n</think>\n\n' }}
            {%- endif -%}
            {{- '<response>' ~ turn.content ~ '</response>' if label == 'tool' else turn.content or '' }}
            {%- for item in turn.tool_calls -%}
                {{- '\n<minimax:tool_call>\n' if loop.first }}
                {{- '<invoke name="' ~ item.function.name ~ '">\n' }}
                {%- for key, value in item.function.arguments.items() -%}
                    {{- '<parameter name="' ~ key ~ '">' ~ xml(value) ~ '</parameter>\n' }}
                {%- endfor -%}
                {{- '</invoke>\n' ~ ('</minimax:tool_call>' if loop.last) }}
            {%- endfor -%}
            {{- end }}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            {{- ']~b]ai\n<think>\n' }}
        {%- endif -%}
        """;

    [Fact]
    public void Arguments_become_xml()
    {
        Assert.Equal(
            "]~!b[]~b]system\n" +
            "Be helpful.[e~[\n" +
            "]~b]user\n" +
            "Go[e~[\n" +
            "]~b]ai\n" +
            "<think>\n" +
            "Call it.\n" +
            "</think>\n" +
            "\n" +
            "\n" +
            "<minimax:tool_call>\n" +
            "<invoke name=\"plan\">\n" +
            "<parameter name=\"stops\"><item>Rome</item><item>Pisa</item></parameter>\n" +
            "<parameter name=\"by\"><train>true</train><seat>null</seat></parameter>\n" +
            "<parameter name=\"days\">2.5</parameter>\n" +
            "</invoke>\n" +
            "</minimax:tool_call>[e~[\n" +
            "]~b]tool\n" +
            "<response>ok</response>[e~[\n" +
            "]~b]ai\n" +
            "<think>\n",
            TemplateSample.Render(Template, Conversations.NestedCall));
    }

    [Fact]
    public void A_default_system_text_is_written()
    {
        Assert.Equal(
            "]~!b[]~b]system\n" +
            "Be helpful.[e~[\n" +
            "]~b]user\n" +
            "Hi[e~[\n" +
            "]~b]ai\n" +
            "<think>\n",
            TemplateSample.Render(Template, Conversations.Simple));
    }
}
