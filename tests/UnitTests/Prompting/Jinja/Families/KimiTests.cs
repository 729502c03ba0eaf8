namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Kimi K2: a list of call ids that results take from.</summary>
public sealed class KimiTests
{
    private const string Template = """
        {%- macro head(kind, name) -%}<|im_{{ kind }}|>{{ name }}<|im_middle|>{%- endmacro -%}
        {%- macro calls(items) -%}
          <|tool_calls_section_begin|>
          {%- for item in items -%}
            {%- set args = item['function']['arguments'] -%}
            <|tool_call_begin|>{{ item['id'] }}<|tool_call_argument_begin|>
            {%- if args is string %}{{ args }}{% else %}{{ args | tojson }}{% endif %}<|tool_call_end|>
          {%- endfor -%}
          <|tool_calls_section_end|>
        {%- endmacro -%}
        {%- set waiting = [] -%}
        {%- if tools -%}
          {{ head('system', 'tool_declare') }}{{ tools | tojson(separators=(',', ':')) }}<|im_end|>
        {%- endif -%}
        {%- for turn in messages -%}
          {%- set kind = {'assistant': 'assistant', 'user': 'user'}.get(turn.role, 'system') -%}
          {{ head(kind, turn.get('name') or turn.role) }}
          {%- if turn.role == 'tool' -%}
            ## Return of {{ waiting.pop(0) }}{{ '\n' ~ turn.content }}
          {%- elif turn.get('content') is string -%}
            {{ turn.content }}
          {%- else -%}
            {%- for part in turn.content -%}
              {{ '<|media|>' if part.get('type') == 'image' or 'image_url' in part else part['text'] }}
            {%- endfor -%}
          {%- endif -%}
          {%- if turn.get('tool_calls') -%}
            {%- for item in turn.tool_calls -%}
              {%- set _ = waiting.append(item.id) -%}
            {%- endfor -%}
            {{ calls(turn.tool_calls) }}
          {%- endif -%}
          <|im_end|>
        {%- endfor -%}
        {{ head('assistant', 'assistant') if add_generation_prompt }}
        """;

    [Fact]
    public void Results_take_the_ids_in_order()
    {
        Assert.Equal(
            "<|im_system|>tool_declare<|" +
            "im_middle|>[{\"type\":\"functi" +
            "on\",\"function\":{\"name\":\"get_we" +
            "ather\",\"description\":\"Weather of a " +
            "city\",\"parameters\":{\"type\":\"object\",\"pro" +
            "perties\":{\"city\":{\"type\":\"string\",\"description\":" +
            "\"Its name\"},\"days\":{\"type\":\"integer\",\"default\":3}},\"requi" +
            "red\":[\"city\"]}}},{\"type\":\"function\",\"function\":{\"name\":\"now\",\"descri" +
            "ption\":\"Time & date\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}]<|im_end|><|" +
            "im_user|>user<|im_middle|>Rome " +
            "now?<|im_end|><|im_assistant|>assistant<|im_middle|><|tool_calls_section_begin|><|tool_call_b" +
            "egin|>call00001<|tool_call_argument_begin|>{\"city\": " +
            "\"Rome\"}<|tool_call_end|><|tool_call_begin|>call00002<|tool_call_argument_begin|>{}<|tool_call_e" +
            "nd|><|tool_calls_section_end|><|im_end|><|im_system|>get_weather<|im_middle|>## Return of call00001\n" +
            "20<|im_end|><|im_system|>now<|im_middle|>## Return of call00002\n" +
            "12:00<|im_end|><|im_assistant|>assistant<|im_middle|>",
            TemplateSample.Render(Template, Conversations.ParallelCalls, tools: Conversations.Tools));
    }

    [Fact]
    public void Images_become_markers()
    {
        Assert.Equal(
            "<|im_user|>user<|im_middle|>Look: <|media|>there<|im_end|><|im_assistant|>assistant<|im_middle|>",
            TemplateSample.Render(Template, Conversations.Parts));
    }

    [Fact]
    public void A_round_trip()
    {
        Assert.Equal(
            "<|im_system|>system<|im_middle|>Be brief.<|im_end|><|im_user|>user<|im_middle|>Weather in " +
            "Rome?<|im_end|><|im_assistant|>assistant<|im_middle|>Let me " +
            "look.<|tool_calls_section_begin|><|tool_call_begin|>call00001<|tool_call_argument_begin|>{\"" +
            "city\": \"Rome\", \"days\": " +
            "2}<|tool_call_end|><|tool_calls_section_end|><|im_end|><|im_system|>get_weather<|im_middle|>## " +
            "Return of call00001\n" +
            "20 °C<|im_end|><|im_assistant|>assistant<|im_middle|>It is 20 " +
            "°C.<|im_end|><|im_user|>user<|im_middle|>Thanks<|im_end|><|im_assistant|>assistant<|im_middle|>",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }
}
