namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>LFM2: sorted arguments, generation blocks.</summary>
public sealed class Lfm2Tests
{
    private const string Template = """
        {{- bos_token -}}
        {%- set given = messages | selectattr('role', 'eq', 'system') | map(attribute='content') | list -%}
        {%- if tools -%}
            {%- set listed = tools | rejectattr('function', 'undefined') | map('tojson') | join(', ') -%}
            {%- set given = given + ['List of tools: <|tool_list_start|>[' ~ listed ~ ']<|tool_list_end|>'] -%}
        {%- endif -%}
        {{- '<|im_start|>system\n' ~ given | join('\n') ~ '<|im_end|>\n' if given -}}
        {%- set answers = messages | selectattr('role', 'eq', 'assistant') | list -%}
        {%- for turn in messages if turn.role != 'system' -%}
            {{- '<|im_start|>' ~ turn.role ~ '\n' -}}
            {%- set text = turn.content if turn.content is string else turn.content | tojson -%}
            {%- if turn.role != 'assistant' -%}
                {{- '<|tool_response_start|>' ~ text ~ '<|tool_response_end|>' if turn.role == 'tool' else text
                    -}}
            {%- else -%}
                {%- generation -%}
                    {%- set shown = [] -%}
                    {%- for item in turn.tool_calls or [] -%}
                        {%- set pairs = [] -%}
                        {%- for key, value in item.function.arguments | dictsort -%}
                            {%- set _ = pairs.append(key ~ '=' ~ value | tojson) -%}
                        {%- endfor -%}
                        {%- set _ = shown.append(item.function.name ~ '(' ~ pairs | join(',') ~ ')') -%}
                    {%- endfor -%}
                    {{- '<|tool_call_start|>[' ~ shown | join(', ') ~ ']<|tool_call_end|>' if shown -}}
                    {{- text if turn == answers[-1] else text.split('</think>')[-1] | trim -}}
                {%- endgeneration -%}
            {%- endif -%}
            {{- '<|im_end|>\n' -}}
        {%- endfor -%}
        {{- '<|im_start|>assistant\n' if add_generation_prompt -}}
        """;

    [Fact]
    public void Tools_follow_the_system_text()
    {
        Assert.Equal(
            "<s><|im_start|>system\n" +
            "Be brief.\n" +
            "List of tools: <|tool_list_star" +
            "t|>[{\"type\": \"function\", " +
            "\"function\": {\"name\": \"get_weather\"," +
            " \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", " +
            "\"properties\": {\"city\": {\"type\": \"string\", " +
            "\"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", " +
            "\"default\": 3}}, \"required\": [\"city\"]}}}, {\"type\": \"function\", " +
            "\"function\": {\"name\": \"now\", \"description\": \"Time & date\", \"parameters\": " +
            "{\"type\": \"object\", \"properties\": {}}}}]<|tool_list_end|><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Hello!<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Bye é😀<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Exchange, tools: Conversations.Tools));
    }

    [Fact]
    public void Calls_look_like_python()
    {
        Assert.Equal(
            "<s><|im_start|>system\n" +
            "Be brief.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Weather in Rome?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<|tool_call_start|>[get_weather(city=\"Rome\",days=2)]<|tool_call_end|>Let me look.<|im_end|>\n" +
            "<|im_start|>tool\n" +
            "<|tool_response_start|>20 °C<|tool_response_end|><|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "It is 20 °C.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Thanks<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }

    [Fact]
    public void Thinking_of_the_last_answer_is_kept()
    {
        Assert.Equal(
            "<s><|im_start|>user\n" +
            "1+1?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<think>\n" +
            "Add.\n" +
            "</think>\n" +
            "\n" +
            "2<|im_end|>\n" +
            "<|im_start|>user\n" +
            "And 2+2?<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ThinkingHistory));
    }
}
