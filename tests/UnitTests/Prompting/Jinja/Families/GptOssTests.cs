namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>gpt-oss: tools as TypeScript types made by macros.</summary>
public sealed class GptOssTests
{
    private const string Template = """
        {%- macro type_of(schema) -%}
            {%- if schema.type is defined and schema.type is not string -%}
                {{- schema.type | join(' | ') -}}
            {%- elif schema.type == 'array' -%}
                {{- (type_of(schema['items']) if schema['items'] else 'any') ~ '[]' -}}
            {%- elif schema.enum -%}
                {{- '"' ~ schema.enum | join('" | "') ~ '"' -}}
            {%- elif schema.type in ['integer', 'number'] -%}
                number
            {%- elif schema.properties -%}
                {{- '{\n' ~ fields(schema) ~ '}' -}}
            {%- elif schema.oneOf -%}
                {%- for option in schema.oneOf -%}
                    {{- type_of(option) ~ ('' if loop.last else ' | ') -}}
                {%- endfor -%}
            {%- else -%}
                {{- {'string': 'string', 'boolean': 'boolean'}.get(schema.type, 'any') -}}
            {%- endif -%}
            {{- ' | null' if schema.nullable -}}
        {%- endmacro -%}
        {%- macro fields(schema, indent='') -%}
            {%- for name, field in schema.properties.items() -%}
                {%- if field.description -%}{{- indent ~ '// ' ~ field.description ~ '\n' -}}{%- endif -%}
                {{- indent ~ name ~ ('' if name in (schema.required or []) else '?') ~ ': ' ~ type_of(field) ~
                    ',' -}}
                {%- if field.default is defined -%}{{- ' // default: ' ~ field.default | tojson -}}{%- endif -%}
                {{- '\n' -}}
            {%- endfor -%}
        {%- endmacro -%}
        {%- macro say(header, body, end='<|end|>') -%}<|start|>{{ header }}<|message|>{{ body }}{{ end }}{%-
            endmacro -%}
        {%- set effort = reasoning_effort | default('medium') -%}
        {{- say('system', 'Current date: ' ~ strftime_now('%Y-%m-%d') ~ '\n\nReasoning: ' ~ effort) -}}
        {%- set guided = messages[0].role in ['system', 'developer'] -%}
        {%- set turns = messages[1:] if guided else messages -%}
        {%- set parts = ['# Instructions\n\n' ~ messages[0].content] if guided else [] -%}
        {%- if tools -%}
            {%- set listing -%}
        # Tools

        ## functions

        namespace functions {
        {% for fn in tools | map(attribute='function') %}

        // {{ fn.description }}
        type {{ fn.name }} = {{ '(_: {\n' ~ fields(fn.parameters) ~ '})' if fn.parameters.properties else '()'
            }} => any;
        {% endfor %}

        } // namespace functions
            {%- endset -%}
            {%- set _ = parts.append(listing) -%}
        {%- endif -%}
        {{- say('developer', parts | join('\n\n')) if parts -}}
        {%- set called = namespace(name=none) -%}
        {%- for turn in turns -%}
            {%- if turn.role == 'tool' -%}
                {%- if called.name is none -%}
                    {{- raise_exception('A result needs a call before it.') -}}
                {%- endif -%}
                {{- say('functions.' ~ called.name ~ ' to=assistant<|channel|>commentary', turn.content |
                    tojson) -}}
            {%- elif turn.role != 'assistant' -%}
                {{- say(turn.role, turn.content) -}}
            {%- elif turn.tool_calls -%}
                {%- set answered = namespace(yes=false) -%}
                {%- for later in turns[loop.index:] -%}
                    {%- if later.role == 'assistant' and later.tool_calls is not defined -%}
                        {%- set answered.yes = true -%}
                        {%- break -%}
                    {%- endif -%}
                {%- endfor -%}
                {{- say('assistant<|channel|>analysis', turn.thinking) if turn.thinking and not answered.yes -}}
                {%- set called.name = turn.tool_calls[0].function.name -%}
                {%- set header = 'assistant to=functions.' ~ called.name ~ '<|channel|>commentary json' -%}
                {{- say(header, turn.tool_calls[0].function.arguments | tojson, end='<|call|>') -}}
            {%- else -%}
                {{- say('assistant<|channel|>final', turn.content) -}}
                {%- set called.name = none -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        <|start|>assistant
        {%- endif -%}
        """;

    [Fact]
    public void Tools_are_typescript()
    {
        Assert.Equal(
            "<|start|>system<|message|>Current date: 2026-11-03\n" +
            "\n" +
            "Reasoning: low<|end|><|start|>developer<|message|># Instructions\n" +
            "\n" +
            "Be brief.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "## functions\n" +
            "\n" +
            "namespace functions {\n" +
            "\n" +
            "// Plans a trip\n" +
            "type plan = (_: {\n" +
            "// Where\n" +
            "stops: string[],\n" +
            "by?: \"train\" | \"bus\", // default: \"train\"\n" +
            "seat?: {\n" +
            "row: number,\n" +
            "window?: boolean | null,\n" +
            "},\n" +
            "}) => any;\n" +
            "\n" +
            "// Tells the time\n" +
            "type now = () => any;\n" +
            "\n" +
            "} // namespace functions<|end|><|start|>user<|message|>Hi<|end|><|start|>assistant<|channel|>final" +
            "<|message|>Hello!<|end|><|start|>user<|message|>Bye é😀<|end|><|start|>assistant",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.TypedTools,
                extra: """{"reasoning_effort": "low"}"""));
    }

    [Fact]
    public void A_call_without_an_answer_keeps_its_analysis()
    {
        Assert.Equal(
            "<|start|>system<|message|>Current date: 2026-11-03\n" +
            "\n" +
            "Reasoning: medium<|end|><|start|>developer<|message|># Tools\n" +
            "\n" +
            "## functions\n" +
            "\n" +
            "namespace functions {\n" +
            "\n" +
            "// Weather of a city\n" +
            "type get_weather = (_: {\n" +
            "// Its name\n" +
            "city: string,\n" +
            "days?: number, // default: 3\n" +
            "}) => any;\n" +
            "\n" +
            "// Time & date\n" +
            "type now = () => any;\n" +
            "\n" +
            "} // namespace functions<|end|><|start|>user<|message|>Time?<|end|><|start|>assistant<|channel|>" +
            "analysis<|message|>One call.<|end|><|start|>assistant to=functions.now<|channel|>commentary " +
            "json<|message|>{}<|call|><|start|>functions.now " +
            "to=assistant<|channel|>commentary<|message|>\"12:00\"<|end|><|start|>assistant",
            TemplateSample.Render(Template, Conversations.OneCall, tools: Conversations.Tools));
    }

    [Fact]
    public void An_answered_call_loses_its_analysis()
    {
        Assert.Equal(
            "<|start|>system<|message|>Current date: 2026-11-03\n" +
            "\n" +
            "Reasoning: medium<|end|><|start|>developer<|message|># Instructions\n" +
            "\n" +
            "Be brief.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "## functions\n" +
            "\n" +
            "namespace functions {\n" +
            "\n" +
            "// Weather of a city\n" +
            "type get_weather = (_: {\n" +
            "// Its name\n" +
            "city: string,\n" +
            "days?: number, // default: 3\n" +
            "}) => any;\n" +
            "\n" +
            "// Time & date\n" +
            "type now = () => any;\n" +
            "\n" +
            "} // namespace functions<|end|><|start|>user<|message|>Weather in " +
            "Rome?<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary " +
            "json<|message|>{\"city\": \"Rome\", \"days\": 2}<|call|><|start|>functions.get_weather " +
            "to=assistant<|channel|>commentary<|message|>\"20 " +
            "°C\"<|end|><|start|>assistant<|channel|>final<|message|>It is 20 " +
            "°C.<|end|><|start|>user<|message|>Thanks<|end|><|start|>assistant",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }
}
