namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Granite: dated system text, tools and documents in turns of their own.</summary>
public sealed class GraniteTests
{
    private const string Template = """
        {%- macro role(name) %}{{ '<|start_of_role|>' + name + '<|end_of_role|>' }}{% endmacro %}
        {%- set end = '<|end_of_text|>\n' %}
        {%- if messages[0].role == 'system' %}
            {%- set rules, turns = messages[0].content, messages[1:] %}
        {%- else %}
            {%- set hints = [] %}
            {%- if tools %}{% set _ = hints.append('Use tools.') %}{% endif %}
            {%- if documents %}{% set _ = hints.append('Quote documents.') %}{% endif %}
            {%- if thinking %}{% set _ = hints.append('Think first.') %}{% endif %}
            {%- set rules %}
        Date: {{ strftime_now('%B %d, %Y') }}.
        {{ ['You are Granite.'] | list | join }}{{ ' ' if hints }}{{ hints | join(' ') }}
            {%- endset %}
            {%- set turns = messages %}
        {%- endif %}
        {{- role('system') + rules + end }}
        {%- if tools %}
            {{- role('available_tools') + tools | tojson(indent=4) + end }}
        {%- endif %}
        {%- for document in documents or [] %}
            {{- role('document ' + {'document_id': document['doc_id'] | string} | tojson) + '\n' +
                document['text'] + end }}
        {%- endfor %}
        {%- for turn in turns %}
            {{- role('tool_response' if turn.role == 'tool' else turn.role) + turn.content + end }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|start_of_role|>assistant' ~ (' ' ~ controls | tojson if controls) ~ '<|end_of_role|>' }}
        {%- endif %}
        """;

    [Fact]
    public void The_default_system_text_has_the_date()
    {
        Assert.Equal(
            "<|start_of_role|>system<|end_of_role|>Date: November 03, 2026.\n" +
            "You are Granite. Think first.<|end_of_text|>\n" +
            "<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n" +
            "<|start_of_role|>assistant<|end_of_role|>",
            TemplateSample.Render(Template, Conversations.Simple, extra: """{"thinking": true}"""));
    }

    [Fact]
    public void Tools_have_a_turn()
    {
        Assert.Equal(
            "<|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n" +
            "<|start_of_role|>available_tools<|end_of_role|>[\n" +
            "    {\n" +
            "        \"type\": \"function\",\n" +
            "        \"function\": {\n" +
            "            \"name\": \"get_weather\",\n" +
            "            \"description\": \"Weather of a city\",\n" +
            "            \"parameters\": {\n" +
            "                \"type\": \"object\",\n" +
            "                \"properties\": {\n" +
            "                    \"city\": {\n" +
            "                        \"type\": \"string\",\n" +
            "                        \"description\": \"Its name\"\n" +
            "                    },\n" +
            "                    \"days\": {\n" +
            "                        \"type\": \"integer\",\n" +
            "                        \"default\": 3\n" +
            "                    }\n" +
            "                },\n" +
            "                \"required\": [\n" +
            "                    \"city\"\n" +
            "                ]\n" +
            "            }\n" +
            "        }\n" +
            "    },\n" +
            "    {\n" +
            "        \"type\": \"function\",\n" +
            "        \"function\": {\n" +
            "            \"name\": \"now\",\n" +
            "            \"description\": \"Time & date\",\n" +
            "            \"parameters\": {\n" +
            "                \"type\": \"object\",\n" +
            "                \"properties\": {}\n" +
            "            }\n" +
            "        }\n" +
            "    }\n" +
            "]<|end_of_text|>\n" +
            "<|start_of_role|>user<|end_of_role|>Weather in Rome?<|end_of_text|>\n" +
            "<|start_of_role|>assistant<|end_of_role|>Let me look.<|end_of_text|>\n" +
            "<|start_of_role|>tool_response<|end_of_role|>20 °C<|end_of_text|>\n" +
            "<|start_of_role|>assistant<|end_of_role|>It is 20 °C.<|end_of_text|>\n" +
            "<|start_of_role|>user<|end_of_role|>Thanks<|end_of_text|>\n" +
            "<|start_of_role|>assistant<|end_of_role|>",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }

    [Fact]
    public void Documents_have_turns()
    {
        Assert.Equal(
            "<|start_of_role|>system<|end_of_role|>Date: November 03, 2026.\n" +
            "You are Granite. Quote documents.<|end_of_text|>\n" +
            "<|start_of_role|>document {\"document_id\": \"7\"}<|end_of_role|>\n" +
            "A text.<|end_of_text|>\n" +
            "<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n" +
            "<|start_of_role|>assistant<|end_of_role|>",
            TemplateSample.Render(Template, Conversations.Simple,
                extra: """{"documents": [{"doc_id": 7, "text": "A text."}]}"""));
    }
}
