namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>DeepSeek R1: state kept in a namespace, thinking cut from history.</summary>
public sealed class DeepSeekR1Tests
{
    private const string Template = """
        {% if add_generation_prompt is not defined %}{% set add_generation_prompt = false %}{% endif %}
        {% set now = namespace(in_results=false, rules='') %}
        {%- for turn in messages if turn['role'] == 'system' %}
            {%- set now.rules = now.rules ~ ('\n\n' if not loop.first) ~ turn['content'] %}
        {%- endfor %}
        {{- bos_token }}{{ now.rules }}
        {%- for turn in messages %}
            {%- set text = turn['content'] if turn['content'] is not none else '' %}
            {%- if now.in_results and turn['role'] != 'tool' %}
                {{- '<｜tool▁outputs▁end｜>' }}
                {%- set now.in_results = false -%}
            {%- endif %}
            {%- if turn['role'] == 'user' -%}
                <｜User｜>{{ text }}<｜Assistant｜>
            {%- elif turn['role'] == 'tool' %}
                {{- '\n' if now.in_results else '<｜tool▁outputs▁begin｜>' }}
                {{- '<｜tool▁output▁begin｜>' ~ text ~ '<｜tool▁output▁end｜>' }}
                {%- set now.in_results = true %}
            {%- elif turn['role'] == 'assistant' %}
                {{- text.split('</think>') | last }}
                {%- for item in turn['tool_calls'] %}
                    {{- '<｜tool▁calls▁begin｜>' if loop.first else '\n' }}
                    {{- '<｜tool▁call▁begin｜>' ~ item['type'] ~ '<｜tool▁sep｜>' ~ item['function']['name'] }}
                    {{- '\n```json\n' ~ item['function']['arguments'] | tojson ~ '\n```<｜tool▁call▁end｜>' }}
                    {{- '<｜tool▁calls▁end｜>' if loop.last }}
                {%- endfor %}
                {{- '<｜end▁of▁sentence｜>' }}
            {%- endif %}
        {%- endfor -%}
        {% if now.in_results %}
            {{- '<｜tool▁outputs▁end｜>' }}
        {%- elif add_generation_prompt %}
            {{- '<think>\n' }}
        {%- endif %}
        """;

    [Fact]
    public void Thinking_of_earlier_turns_is_cut()
    {
        Assert.Equal(
            "<s><｜User｜>1+1?<｜Assistant｜>\n" +
            "\n" +
            "2<｜end▁of▁sentence｜><｜User｜>And 2+2?<｜Assistant｜><think>\n",
            TemplateSample.Render(Template, Conversations.ThinkingHistory));
    }

    [Fact]
    public void Calls_are_fenced()
    {
        Assert.Equal(
            "<s><｜User｜>Rome now?<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_w" +
            "eather\n" +
            "```json\n" +
            "{\"city\": \"Rome\"}\n" +
            "```<｜tool▁call▁end｜>\n" +
            "<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n" +
            "```json\n" +
            "{}\n" +
            "```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁outputs▁begin｜><｜tool▁output▁begi" +
            "n｜>20<｜tool▁output▁end｜>\n" +
            "<｜tool▁output▁begin｜>12:00<｜tool▁output▁end｜><｜tool▁outputs▁end｜>",
            TemplateSample.Render(Template, Conversations.ParallelCalls));
    }

    [Fact]
    public void An_answer_closes_the_results()
    {
        Assert.Equal(
            "<s>Be brief.<｜User｜>Weather in Rome?<｜Assistant｜>Let me " +
            "look.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n" +
            "```json\n" +
            "{\"city\": \"Rome\", \"days\": 2}\n" +
            "```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁outputs▁begin｜><｜tool▁output▁begi" +
            "n｜>20 °C<｜tool▁output▁end｜><｜tool▁outputs▁end｜>It is 20 " +
            "°C.<｜end▁of▁sentence｜><｜User｜>Thanks<｜Assistant｜><think>\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip));
    }
}
