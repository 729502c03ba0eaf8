namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>The template of the model that ships with the product.</summary>
public sealed class TinyChatTests
{
    private const string Template = """
        {%- if tools %}
            {{- '<|im_start|>system\n' }}
            {%- if messages and messages[0].role == 'system' %}
                {{- messages[0].content + '\n\n' }}
            {%- endif %}
            {{- '# Tools\n\nYou may call these functions:\n<tools>' }}
            {%- for tool in tools %}
                {{- '\n' }}
                {{- tool | tojson }}
            {%- endfor %}
            {{- '\n</tools>\n\nTo call a function, answer with:\n<tool_call>\n{"name": <function-name>,
        """ + """
         "arguments": <args-json-object>}\n</tool_call><|im_end|>\n' }}
        {%- elif messages and messages[0].role == 'system' %}
            {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
        {%- endif %}
        {%- for message in messages %}
            {%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
                {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
            {%- elif message.role == 'assistant' %}
                {%- set content = message.content if message.content else '' %}
                {%- if '</think>' in content %}
                    {%- set content = content.split('</think>')[-1].lstrip('\n') %}
                {%- endif %}
                {{- '<|im_start|>assistant\n' + content }}
                {%- if message.tool_calls %}
                    {%- for tool_call in message.tool_calls %}
                        {%- if (loop.first and content) or (not loop.first) %}
                            {{- '\n' }}
                        {%- endif %}
                        {%- if tool_call.function %}
                            {%- set tool_call = tool_call.function %}
                        {%- endif %}
                        {{- '<tool_call>\n{"name": "' + tool_call.name + '", "arguments": ' }}
                        {%- if tool_call.arguments is string %}
                            {{- tool_call.arguments }}
                        {%- else %}
                            {{- tool_call.arguments | tojson }}
                        {%- endif %}
                        {{- '}\n</tool_call>' }}
                    {%- endfor %}
                {%- endif %}
                {{- '<|im_end|>\n' }}
            {%- elif message.role == 'tool' %}
                {%- if loop.first or messages[loop.index0 - 1].role != 'tool' %}
                    {{- '<|im_start|>user' }}
                {%- endif %}
                {{- '\n<tool_response>\n' + message.content + '\n</tool_response>' }}
                {%- if loop.last or messages[loop.index0 + 1].role != 'tool' %}
                    {{- '<|im_end|>\n' }}
                {%- endif %}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is true %}
                {{- '<think>\n' }}
            {%- elif enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\n\n</think>\n\n' }}
            {%- endif %}
        {%- endif %}
        """;

    [Fact]
    public void Thinking_is_opened_when_it_is_on()
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
            "<think>\n",
            TemplateSample.Render(Template, Conversations.Exchange, extra: """{"enable_thinking": true}"""));
    }

    [Fact]
    public void Thinking_is_closed_when_it_is_off()
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
    public void Tools_stand_in_the_system_turn()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.\n" +
            "\n" +
            "# Tools\n" +
            "\n" +
            "You may call these functions:\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools>\n" +
            "\n" +
            "To call a function, answer with:\n" +
            "<tool_call>\n" +
            "{\"name\": <function-name>, \"arguments\": <args-json-object>}\n" +
            "</tool_call><|im_end|>\n" +
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

    [Fact]
    public void Results_of_parallel_calls_share_a_turn()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "# Tools\n" +
            "\n" +
            "You may call these functions:\n" +
            "<tools>\n" +
            "{\"type\": \"function\", \"function\": {\"name\": " +
            "\"get_weather\", \"description\": \"Weather of a city\", " +
            "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": " +
            "\"string\", \"description\": \"Its name\"}, \"days\": {\"type\": \"integer\", \"default\": " +
            "3}}, \"required\": [\"city\"]}}}\n" +
            "{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"Time & " +
            "date\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n" +
            "</tools>\n" +
            "\n" +
            "To call a function, answer with:\n" +
            "<tool_call>\n" +
            "{\"name\": <function-name>, \"arguments\": <args-json-object>}\n" +
            "</tool_call><|im_end|>\n" +
            "<|im_start|>user\n" +
            "Rome now?<|im_end|>\n" +
            "<|im_start|>assistant\n" +
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
    public void Thinking_of_earlier_turns_is_cut()
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
    public void A_conversation_may_be_empty()
    {
        Assert.Equal(
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Empty));
    }
}
