using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Mistral: tools before the last question, calls as one JSON list.</summary>
public sealed class MistralTests
{
    private const string Template = """
        {%- set has_system = messages[0].role == 'system' %}
        {%- set turns = messages[1:] if has_system else messages %}
        {%- set questions = turns | selectattr('role', 'equalto', 'user') | list %}
        {%- set talk = turns | rejectattr('role', 'in', ['tool', 'tool_results']) | rejectattr('tool_calls') |
            list %}
        {%- for turn in talk %}
            {%- if turn.role != ('user', 'assistant')[loop.index0 % 2] %}
                {{- raise_exception('Turn ' ~ loop.index ~ ' is out of order: user and assistant alternate.') }}
            {%- endif %}
        {%- endfor %}
        {%- macro listed(fn) %}
            {%- for key, value in fn.items() if key != 'return' %}
                {{- ', ' if not loop.first }}
                {{- '"' + key + '": ' + ('"' + value + '"' if value is string else value | tojson) }}
            {%- endfor %}
        {%- endmacro %}
        {{- bos_token }}
        {%- for turn in turns %}
            {%- if turn.role == 'user' %}
                {%- if tools and turn == questions[-1] %}
                    {{- '[AVAILABLE_TOOLS][' }}
                    {%- for tool in tools %}
                        {{- '{"type": "function", "function": {' + listed(tool.function) + '}}' + (']' if
                            loop.last else ', ') }}
                    {%- endfor %}
                    {{- '[/AVAILABLE_TOOLS]' }}
                {%- endif %}
                {{- '[INST]' + (messages[0].content + '\n\n' if has_system and loop.last else '') + turn.content
                    + '[/INST]' }}
            {%- elif turn.tool_calls %}
                {{- '[TOOL_CALLS][' }}
                {%- for item in turn.tool_calls %}
                    {%- if item.id is not defined or item.id | length != 9 %}
                        {{- raise_exception('A call id has nine characters.') }}
                    {%- endif %}
                    {%- set body = item.function | tojson %}
                    {{- body[:-1] + ', "id": "' + item.id + '"}' + (']' if loop.last else ', ') }}
                {%- endfor %}
                {{- eos_token }}
            {%- elif turn.role == 'assistant' %}
                {{- turn.content ~ eos_token }}
            {%- else %}
                {%- set result = turn.content.content if turn.content.content is defined else turn.content %}
                {{- '[TOOL_RESULTS]{"content": ' ~ result ~ ', "call_id": "' ~ turn.tool_call_id ~
                    '"}[/TOOL_RESULTS]' }}
            {%- endif %}
        {%- endfor %}
        """;

    [Fact]
    public void The_system_text_joins_the_last_question()
    {
        Assert.Equal(
            "<s>[INST]Hi[/INST]Hello!</s>[INST]Be brief.\n" +
            "\n" +
            "Bye é😀[/INST]",
            TemplateSample.Render(Template, Conversations.Exchange, generate: false));
    }

    [Fact]
    public void Tools_stand_before_the_last_question()
    {
        Assert.Equal(
            "<s>[INST]Weather in " +
            "Rome?[/INST][TOOL_CA" +
            "LLS][{\"name\": \"get_w" +
            "eather\", \"arguments\"" +
            ": {\"city\": \"Rome\", \"" +
            "days\": 2}, \"id\": \"ca" +
            "ll00001\"}]</s>[TOOL_RESU" +
            "LTS]{\"content\": 20 °C, " +
            "\"call_id\": \"call00001\"}[/TO" +
            "OL_RESULTS]It is 20 °C.</s>[AVA" +
            "ILABLE_TOOLS][{\"type\": " +
            "\"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather " +
            "of a city\", \"parameters\": {\"type\": " +
            "\"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": " +
            "\"integer\", \"default\": 3}}, \"required\": [\"city\"]}}}, {\"type\": " +
            "\"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & date\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {}}}}][/AVAILABLE_TOOLS][INST]Be brief.\n" +
            "\n" +
            "Thanks[/INST]",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip,
                tools: Conversations.Tools, generate: false));
    }

    [Fact]
    public void Parallel_calls_are_one_list()
    {
        Assert.Equal(
            "<s>[AVAILABLE_TOOLS]" +
            "[{\"type\": \"function\"" +
            ", \"function\": {\"name" +
            "\": \"get_weather\", \"d" +
            "escription\": \"Weathe" +
            "r of a city\", \"param" +
            "eters\": {\"type\": \"ob" +
            "ject\", \"properties\":" +
            " {\"city\": {\"type\": \"" +
            "string\", \"description\":" +
            " \"Its name\"}, \"days\": " +
            "{\"type\": \"integer\", \"default\":" +
            " 3}}, \"required\": [\"city\"]}}}, " +
            "{\"type\": \"function\", \"function\": " +
            "{\"name\": \"now\", \"description\": \"Time & date\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": " +
            "{}}}}][/AVAILABLE_TOOLS][INST]Rome " +
            "now?[/INST][TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": " +
            "{\"city\": \"Rome\"}, \"id\": \"call00001\"}, {\"name\": \"now\", \"arguments\": " +
            "{}, \"id\": \"call00002\"}]</s>[TOOL_RESULTS]{\"content\": 20, \"call_id\": " +
            "\"call00001\"}[/TOOL_RESULTS][TOOL_RESULTS]{\"content\": 12:00, \"call_id\": " +
            "\"call00002\"}[/TOOL_RESULTS]",
            TemplateSample.Render(Template, Conversations.ParallelCalls,
                tools: Conversations.Tools, generate: false));
    }

    [Fact]
    public void Two_questions_in_a_row_are_refused()
    {
        var failure = Assert.Throws<TemplateException>(() =>
            TemplateSample.Render(Template, Conversations.TwoUsers, generate: false));
        Assert.Equal("template:8:13: Turn 2 is out of order: user and assistant alternate.", failure.Message);
    }
}
