using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Llama 3.x: tools in the first question, results from ipython.</summary>
public sealed class Llama3Tests
{
    private const string Template = """
        {%- macro header(who) %}{{ '<|start_header_id|>' ~ who ~ '<|end_header_id|>\n\n' }}{% endmacro %}
        {%- set offered = custom_tools if custom_tools is defined else tools if tools is defined else none %}
        {%- set builtin = builtin_tools | default([], true) %}
        {%- if date_string is not defined %}
            {%- set date_string = strftime_now('%d %b %Y') if strftime_now is defined else '26 Jul 2024' %}
        {%- endif %}
        {%- set rules = '' %}
        {%- if messages[0]['role'] == 'system' %}
            {%- set rules = messages[0]['content'] | trim %}
            {%- set messages = messages[1:] %}
        {%- endif %}
        {{- bos_token ~ header('system') }}
        {%- if offered is not none or builtin %}
            {{- 'Environment: ipython\n' }}
        {%- endif %}
        {%- if builtin %}
            {{- 'Tools: ' ~ builtin | reject('equalto', 'code_interpreter') | join(', ') ~ '\n\n' }}
        {%- endif %}
        {{- 'Today Date: ' ~ date_string ~ '\n\n' ~ rules ~ '<|eot_id|>' }}
        {%- for turn in messages %}
            {%- if turn.role in ['tool', 'ipython'] %}
                {{- header('ipython') }}
                {{- turn.content if turn.content is string else turn.content | tojson }}
                {{- '<|eot_id|>' }}
            {%- elif 'tool_calls' in turn %}
                {%- if turn.tool_calls | length != 1 %}
                    {{- raise_exception('Llama calls one tool at a time.') }}
                {%- endif %}
                {%- set fn = (turn.tool_calls | first).function %}
                {{- header('assistant') }}
                {%- if fn.name in builtin %}
                    {{- '<|python_tag|>' ~ fn.name ~ '.call(' }}
                    {%- for key, value in fn.arguments | dictsort %}
                        {{- key ~ '="' ~ value ~ '"' ~ ('' if loop.last else ', ') }}
                    {%- endfor %}
                    {{- ')<|eom_id|>' }}
                {%- else %}
                    {{- '{"name": "' + fn.name + '", "parameters": ' + fn.arguments | tojson + '}<|eot_id|>' }}
                {%- endif %}
            {%- else %}
                {{- header(turn.role) }}
                {%- if loop.first and offered is not none %}
                    {%- for tool in offered %}
                        {{- tool | tojson(indent=4) ~ '\n\n' }}
                    {%- endfor %}
                {%- endif %}
                {{- turn.content | trim ~ '<|eot_id|>' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ header('assistant') }}{% endif %}
        """;

    [Fact]
    public void The_date_is_that_of_the_request()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Today Date: 03 Nov 2026\n" +
            "\n" +
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n",
            TemplateSample.Render(Template, Conversations.Simple));
    }

    [Fact]
    public void A_given_date_wins()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Today Date: 01 Jan 2025\n" +
            "\n" +
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n",
            TemplateSample.Render(Template, Conversations.Simple, extra: """{"date_string": "01 Jan 2025"}"""));
    }

    [Fact]
    public void Tools_stand_before_the_first_question()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Environment: ipython\n" +
            "Today Date: 03 Nov 2026\n" +
            "\n" +
            "Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "{\n" +
            "    \"type\": \"function\",\n" +
            "    \"function\": {\n" +
            "        \"name\": \"get_weather\",\n" +
            "        \"description\": \"Weather of a city\",\n" +
            "        \"parameters\": {\n" +
            "            \"type\": \"object\",\n" +
            "            \"properties\": {\n" +
            "                \"city\": {\n" +
            "                    \"type\": \"string\",\n" +
            "                    \"description\": \"Its name\"\n" +
            "                },\n" +
            "                \"days\": {\n" +
            "                    \"type\": \"integer\",\n" +
            "                    \"default\": 3\n" +
            "                }\n" +
            "            },\n" +
            "            \"required\": [\n" +
            "                \"city\"\n" +
            "            ]\n" +
            "        }\n" +
            "    }\n" +
            "}\n" +
            "\n" +
            "{\n" +
            "    \"type\": \"function\",\n" +
            "    \"function\": {\n" +
            "        \"name\": \"now\",\n" +
            "        \"description\": \"Time & date\",\n" +
            "        \"parameters\": {\n" +
            "            \"type\": \"object\",\n" +
            "            \"properties\": {}\n" +
            "        }\n" +
            "    }\n" +
            "}\n" +
            "\n" +
            "Weather in Rome?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Rome\", \"days\": " +
            "2}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n" +
            "\n" +
            "20 °C<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            "It is 20 °C.<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Thanks<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }

    [Fact]
    public void Built_in_tools_are_called_in_python()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "\n" +
            "Environment: ipython\n" +
            "Tools: now\n" +
            "\n" +
            "Today Date: 03 Nov 2026\n" +
            "\n" +
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n" +
            "\n" +
            "Time?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n" +
            "<|python_tag|>now.call()<|eom_id|><|start_header_id|>ipython<|end_header_id|>\n" +
            "\n" +
            "12:00<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n" +
            "\n",
            TemplateSample.Render(Template, Conversations.OneCall,
                extra: """{"builtin_tools": ["now", "code_interpreter"]}"""));
    }

    [Fact]
    public void Parallel_calls_are_refused()
    {
        var failure = Assert.Throws<TemplateException>(() =>
            TemplateSample.Render(Template, Conversations.ParallelCalls));
        Assert.Equal("template:27:17: Llama calls one tool at a time.", failure.Message);
    }
}
