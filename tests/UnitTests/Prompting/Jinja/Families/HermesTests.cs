namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Hermes: Python signatures made by a recursive macro.</summary>
public sealed class HermesTests
{
    private const string Template = """
        {%- set python_names = {'string': 'str', 'number': 'float', 'integer': 'int', 'boolean': 'bool'} %}
        {%- macro hint(schema) %}
            {%- set kind = schema.type %}
            {%- if kind is undefined %}
                {{- 'Any' }}
            {%- elif kind is not string %}
                {%- set options = [] %}
                {%- for one in kind %}
                    {%- set _ = options.append(hint({'type': one})) %}
                {%- endfor %}
                {{- 'Union[' ~ options | join(',') ~ ']' }}
            {%- elif kind == 'array' %}
                {{- 'list[' ~ hint(schema['items']) ~ ']' }}
            {%- elif kind == 'object' and schema.additionalProperties is defined %}
                {{- 'dict[str, ' ~ hint(schema.additionalProperties) ~ ']' }}
            {%- else %}
                {{- python_names.get(kind, 'dict') }}
            {%- endif %}
        {%- endmacro %}
        {%- macro signature(fn) -%}
            {{ fn.name }}(
            {%- for name, schema in fn.parameters.properties.items() -%}
                {{ name ~ ': ' ~ hint(schema) }}{{ '' if loop.last else ', ' }}
            {%- endfor -%}
            ){{ ' -> ' ~ hint(fn.return) if fn.return is defined }} - {{ fn.description }}
        {%- endmacro %}
        {{- bos_token ~ '<|im_start|>system\nFunctions: <tools> ' }}
        {%- for tool in tools %}
            {%- set shown = {'name': tool.function.name, 'description': signature(tool.function)} %}
            {%- do shown.update(parameters=tool.function.parameters) %}
            {{- {'type': 'function', 'function': shown} | tojson ~ '\n' }}
        {%- endfor %}
        {{- '</tools><|im_end|>\n' }}
        {%- for turn in messages %}
            {%- if turn.role == 'tool' %}
                {%- if loop.previtem and loop.previtem.role != 'tool' %}
                    {{- '<|im_start|>tool\n' }}
                {%- endif %}
                {{- '<tool_response>\n' ~ turn.content ~ '\n</tool_response>' ~ ('' if loop.last else '\n') }}
                {{- '<|im_end|>' if loop.last or loop.nextitem.role != 'tool' }}
            {%- else %}
                {{- '<|im_start|>' ~ turn.role }}
                {{- '\n' ~ turn.content if turn.content }}
                {%- for item in turn.tool_calls %}
                    {{- '\n<tool_call>\n' ~ {'name': item.function.name, 'arguments': item.function.arguments} |
                        tojson }}
                    {{- '\n</tool_call>' }}
                {%- endfor %}
                {{- '<|im_end|>\n' }}
            {%- endif %}
        {%- endfor %}
        {{- '<|im_start|>assistant\n' if add_generation_prompt }}
        """;

    [Fact]
    public void A_signature_describes_each_tool()
    {
        Assert.Equal(
            "<s><|im_start|>system\n" +
            "Functions: <tools> {\"type\": \"function\", " +
            "\"function\": {\"name\": \"plan\", \"description\": " +
            "\"plan(stops: list[str], prices: dict[str, float], " +
            "seat: Union[str,int], by: Any) -> bool - Plans a " +
            "trip\", \"parameters\": {\"type\": \"object\", \"properties\": " +
            "{\"stops\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}, " +
            "\"prices\": {\"type\": \"object\", \"additionalProperties\": {\"type\": \"number\"}}, " +
            "\"seat\": {\"type\": [\"string\", \"integer\"]}, \"by\": {}}}}}\n" +
            "</tools><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Simple, tools: Conversations.HermesTools));
    }

    [Fact]
    public void Calls_and_results_have_turns_of_their_own()
    {
        Assert.Equal(
            "<s><|im_start|>system\n" +
            "Functions: <tools> {\"type\": \"function\", \"function\": " +
            "{\"name\": \"get_weather\", \"description\": \"get_weather(city: " +
            "str, days: int) - Weather of a city\", \"parameters\": {\"type\": " +
            "\"object\", \"properties\": {\"city\": {\"type\": \"string\", \"description\": " +
            "\"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": 3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"now() - " +
            "Time & date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Rome now?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<tool_call>\n" +
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\"}}\n" +
            "</tool_call>\n" +
            "<tool_call>\n" +
            "{\"name\": \"now\", \"arguments\": {}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>tool\n" +
            "<tool_response>\n" +
            "20\n" +
            "</tool_response>\n" +
            "<tool_response>\n" +
            "12:00\n" +
            "</tool_response><|im_end|><|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ParallelCalls, tools: Conversations.Tools));
    }
}
