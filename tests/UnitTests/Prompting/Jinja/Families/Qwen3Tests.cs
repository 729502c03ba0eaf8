namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Qwen 3: thinking is kept only after the last question.</summary>
public sealed class Qwen3Tests
{
    private const string Template = """
        {#- Where does the last question stand? A tool result that comes as a user turn is not a question. #}
        {%- set question = namespace(at=0, known=false) %}
        {%- for turn in messages[::-1] if turn.role == 'user' %}
            {%- set text = turn.content %}
            {%- if not question.known and not (text.startswith('<tool_response>') and
                text.endswith('</tool_response>')) %}
                {%- set question.known = true %}
                {%- for other in messages if other == turn %}
                    {%- set question.last = other %}
                {%- endfor %}
            {%- endif %}
        {%- endfor %}
        {%- for turn in messages %}
            {%- if turn == question.last %}
                {%- set question.at = loop.index0 %}
            {%- endif %}
        {%- endfor %}
        {%- set preamble = [] %}
        {%- if messages[0].role == 'system' %}
            {%- do preamble.append(messages[0].content) %}
        {%- endif %}
        {%- if tools %}
            {%- do preamble.append('# Tools\n\n<tools>\n' ~ tools | map('tojson') | join('\n') ~ '\n</tools>')
                %}
        {%- endif %}
        {%- if preamble %}
            {{- '<|im_start|>system\n' ~ preamble | join('\n\n') ~ '<|im_end|>\n' }}
        {%- endif %}
        {%- for turn in messages %}
            {%- set text = turn.content if turn.content is string else '' %}
            {%- set thought = turn.reasoning_content if turn.reasoning_content is string else '' %}
            {%- if turn.role == 'assistant' %}
                {%- if not thought and '</think>' in text %}
                    {%- set thought = text.split('</think>')[0].split('<think>')[-1].strip('\n') %}
                    {%- set text = text.split('</think>')[-1].lstrip('\n') %}
                {%- endif %}
                {{- '<|im_start|>assistant\n' }}
                {%- if loop.index0 > question.at and (thought or loop.last) %}
                    {{- '<think>\n' ~ thought ~ '\n</think>\n\n' }}
                {%- endif %}
                {{- text }}
                {%- for item in turn.tool_calls or [] %}
                    {{- '\n' if text or loop.index0 > 0 }}
                    {%- set fn = item.function %}
                    {%- set args = fn.arguments if fn.arguments is string else fn.arguments | tojson %}
                    {{- '<tool_call>\n{"name": "%s", "arguments": %s}\n</tool_call>' % (fn.name, args) }}
                {%- endfor %}
                {{- '<|im_end|>\n' }}
            {%- elif turn.role == 'tool' %}
                {%- if messages[loop.index0 - 1].role != 'tool' %}
                    {{- '<|im_start|>user' }}
                {%- endif %}
                {{- '\n<tool_response>\n' + text + '\n</tool_response>' }}
                {%- if loop.last or messages[loop.index].role != 'tool' %}
                    {{- '<|im_end|>\n' }}
                {%- endif %}
            {%- elif not (loop.first and turn.role == 'system') %}
                {{- '<|im_start|>' + turn.role + '\n' + text + '<|im_end|>\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
            {{- '<think>\n\n</think>\n\n' if enable_thinking is defined and enable_thinking is false }}
        {%- endif %}
        """;

    [Fact]
    public void Thinking_can_be_switched_off()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Hello!<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Bye é😀<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<think>\n" +
            "\n" +
            "</think>\n" +
            "\n",
            TemplateSample.Render(Template, Conversations.Exchange, extra: """{"enable_thinking": false}"""));
    }

    [Fact]
    public void Thinking_of_earlier_turns_is_dropped()
    {
        Assert.Equal(
            "<|im_start|>user\n" +
            "1+1?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "2<|im_end|>\n" +
            "<|im_start|>user\n" +
            "And 2+2?<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ThinkingHistory));
    }

    [Fact]
    public void Thinking_before_a_pending_call_is_kept()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "# Tools\n" +
            "\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Rome now?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "<think>\n" +
            "Two calls.\n" +
            "</think>\n" +
            "\n" +
            "<tool_call>\n" +
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\"}}\n" +
            "</tool_call>\n" +
            "<tool_call>\n" +
            "{\"name\": \"now\", \"arguments\": {}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "<tool_response>\n" +
            "20\n" +
            "</tool_response>\n" +
            "<tool_response>\n" +
            "12:00\n" +
            "</tool_response><|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ParallelCalls, tools: Conversations.Tools));
    }

    [Fact]
    public void A_finished_round_trip_has_no_thinking()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Weather in Rome?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Let me look.\n" +
            "<tool_call>\n" +
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\", \"days\": 2}}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "<tool_response>\n" +
            "20 °C\n" +
            "</tool_response><|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "It is 20 °C.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Thanks<|im_end|>\n" +
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.ToolRoundTrip, tools: Conversations.Tools));
    }
}
