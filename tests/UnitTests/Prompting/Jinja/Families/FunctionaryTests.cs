namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Functionary: nested types made by recursive macros.</summary>
public sealed class FunctionaryTests
{
    private const string Template = """
        {%- macro name_of(schema) -%}
            {%- if 'oneOf' in schema -%}
                {{ schema.oneOf | selectattr('type', 'defined') | map(attribute='type') | unique | join(' | ')
                    }}
            {%- else -%}
                {%- set kinds = schema.type | default('any') -%}
                {%- set kinds = [kinds] if kinds is string else kinds -%}
                {{ kinds | join(' | ') | replace('integer', 'number') | replace('object', 'dict') }}
            {%- endif -%}
        {%- endmacro -%}
        {%- macro note(schema) -%}
            {%- set facts = [name_of(schema)] -%}
            {%- for key in ('default', 'format', 'minimum', 'maximum') if key in schema -%}
                {%- set _ = facts.append(key ~ ': ' ~ schema[key]) -%}
            {%- endfor -%}
            // {{ facts | join(', ') }}
        {%- endmacro -%}
        {%- macro members(schema, level=0) -%}
            {%- set margin = '\n' ~ '  ' * level -%}
            {%- for key, field in schema.properties.items() -%}
                {{ margin ~ note(field) ~ margin ~ key ~ ('' if key in (schema.required or []) else '?') ~ ': '
                    }}
                {%- if field.get('properties') -%}
                    {{ '{' ~ members(field, level + 1) ~ margin ~ '}' }}
                {%- else -%}
                    {{ '"' ~ field.enum | join('" | "') ~ '"' if field.enum else name_of(field) }}
                {%- endif -%}
                ,
            {%- endfor -%}
        {%- endmacro -%}
        {%- set head = namespace(open='<|start_header_id|>', close='<|end_header_id|>\n\n') -%}
        {{ bos_token ~ head.open ~ 'system' ~ head.close -}}
        namespace functions {
        {% for tool in tools -%}
            {%- set fn = tool.function | default(tool) %}

        // {{ fn.description }}
        type {{ fn.name }} = (_: {
            {{- members(fn.parameters) }}
        }) => any;
        {% endfor %}

        }<|eot_id|>
        {%- for turn in messages -%}
            {{ head.open ~ turn.role ~ head.close }}
            {%- if turn.role != 'assistant' -%}
                {{ turn.content }}
            {%- else -%}
                {{ '>>>all\n' ~ turn.content if turn.content }}
                {%- for item in turn.tool_calls or () -%}
                    {{ '>>>' ~ item.function.name ~ '\n' ~ item.function.arguments | tojson }}
                {%- endfor -%}
            {%- endif -%}
            <|eot_id|>
        {%- endfor -%}
        {% if add_generation_prompt %}{{ head.open ~ 'assistant' ~ head.close ~ '>>>' }}{% endif %}
        """;

    [Fact]
    public void Tools_are_typescript_with_comments()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "namespace functions {\n" +
            "\n" +
            "// Plans a trip\n" +
            "type plan = (_: {\n" +
            "// array\n" +
            "stops: array,\n" +
            "// string, default: train\n" +
            "by?: \"train\" | \"bus\",\n" +
            "// dict\n" +
            "seat?: {\n" +
            "  // number\n" +
            "  row: number,\n" +
            "  // boolean | null\n" +
            "  window?: boolean | null,\n" +
            "},\n" +
            "}) => any;\n" +
            "\n" +
            "// Tells the time\n" +
            "type now = (_: {\n" +
            "}) => any;\n" +
            "\n" +
            "}<|eot_id|><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            ">>>all\n" +
            "Hello!<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Bye é😀<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            ">>>",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.TypedTools));
    }

    [Fact]
    public void Calls_name_their_recipient()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "namespace functions {\n" +
            "\n" +
            "// Weather of a city\n" +
            "type get_weather = (_: {\n" +
            "// string\n" +
            "city: string,\n" +
            "// number, default: 3\n" +
            "days?: number,\n" +
            "}) => any;\n" +
            "\n" +
            "// Time & date\n" +
            "type now = (_: {\n" +
            "}) => any;\n" +
            "\n" +
            "}<|eot_id|><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Weather in Rome?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            ">>>all\n" +
            "Let me look.>>>get_weather\n" +
            "{\"city\": \"Rome\", \"days\": 2}<|eot_id|><|start_header_id|>tool<|end_header_id|>\n" +
            "\n" +
            "20 °C<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            ">>>all\n" +
            "It is 20 °C.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Thanks<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            ">>>",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }
}
