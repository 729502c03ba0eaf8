namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Firefunction: everything through one filter block.</summary>
public sealed class FirefunctionTests
{
    private const string Template = """
        {%- set known = ['SYSTEM', 'TOOL', 'USER', 'ASSISTANT'] -%}
        {{ bos_token }}
        {%- filter trim -%}
        {%- for turn in messages -%}
            {%- set speaker = turn['role'] | upper -%}
            {%- if speaker not in known -%}
                {{ raise_exception('The role ' + turn['role'] + ' is none of ' + known | join(', ') | lower +
                    '.') }}
            {%- endif -%}
            {%- set text = turn['content'] if turn['content'] is defined else '' | trim -%}
            {%- if speaker == 'SYSTEM' and loop.first -%}
                {%- set text = text ~ '\n' ~ (functions | tojson(indent=2) if functions is defined else 'none')
                    -%}
            {%- endif %}

        {{ '<|start_header_id|>' ~ speaker | lower ~ '<|end_header_id|>' }}
        {{ text | indent(width=2) }}
        {%- if 'tool_calls' in turn and turn['tool_calls'] -%}
            {{ ' functools' ~ turn['tool_calls'] | map(attribute='function') | list | tojson }}
        {%- endif -%}
        <|eot_id|>
        {%- endfor -%}
        {%- endfilter %}
        {% if add_generation_prompt %}
        <|start_header_id|>assistant<|end_header_id|>
        {% endif %}
        """;

    [Fact]
    public void The_functions_join_the_system_text()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "Be brief.\n" +
            "  [\n" +
            "    {\n" +
            "      \"type\": \"function\",\n" +
            "      \"function\": {\n" +
            "        \"name\": \"get_weather\",\n" +
            "        \"description\": \"Weather of a city\",\n" +
            "        \"parameters\": {\n" +
            "          \"type\": \"object\",\n" +
            "          \"properties\": {\n" +
            "            \"city\": {\n" +
            "              \"type\": \"string\",\n" +
            "              \"description\": \"Its name\"\n" +
            "            },\n" +
            "            \"days\": {\n" +
            "              \"type\": \"integer\",\n" +
            "              \"default\": 3\n" +
            "            }\n" +
            "          },\n" +
            "          \"required\": [\n" +
            "            \"city\"\n" +
            "          ]\n" +
            "        }\n" +
            "      }\n" +
            "    },\n" +
            "    {\n" +
            "      \"type\": \"function\",\n" +
            "      \"function\": {\n" +
            "        \"name\": \"now\",\n" +
            "        \"description\": \"Time & date\",\n" +
            "        \"parameters\": {\n" +
            "          \"type\": \"object\",\n" +
            "          \"properties\": {}\n" +
            "        }\n" +
            "      }\n" +
            "    }\n" +
            "  ]<|eot_id|>\n" +
            "<|start_header_id|>user<|end_header_id|>\n" +
            "Hi<|eot_id|>\n" +
            "<|start_header_id|>assistant<|end_header_id|>\n" +
            "Hello!<|eot_id|>\n" +
            "<|start_header_id|>user<|end_header_id|>\n" +
            "Bye é😀<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n",
            TemplateSample.Render(Template, Conversations.Exchange,
                extra: $$"""{"functions": {{Conversations.Tools}}}"""));
    }

    [Fact]
    public void Calls_are_a_list_of_functions()
    {
        Assert.Equal(
            "<s><|start_header_id|>system<|end_header_id|>\n" +
            "Be brief.\n" +
            "  none<|eot_id|>\n" +
            "<|start_header_id|>user<|end_header_id|>\n" +
            "Weather in Rome?<|eot_id|>\n" +
            "<|start_header_id|>assistant<|end_header_id|>\n" +
            "Let me look. functools[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\", \"days\": " +
            "2}}]<|eot_id|>\n" +
            "<|start_header_id|>tool<|end_header_id|>\n" +
            "20 °C<|eot_id|>\n" +
            "<|start_header_id|>assistant<|end_header_id|>\n" +
            "It is 20 °C.<|eot_id|>\n" +
            "<|start_header_id|>user<|end_header_id|>\n" +
            "Thanks<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }
}
