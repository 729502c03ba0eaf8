using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Llama 2: instructions in brackets, strictly alternating.</summary>
public sealed class Llama2Tests
{
    private const string Template = """
        {% set instructions = messages[0]['content'] if messages[0]['role'] == 'system' else none %}
        {% set turns = messages if instructions is none else messages[1:] %}
        {% for turn in turns %}
        {% set asks = turn['role'] == 'user' %}
        {% if asks != (loop.index % 2 == 1) %}
        {{ raise_exception('Questions and answers must take turns.') }}
        {% endif %}
        {% if asks %}
        {% set framed = '<<SYS>>\n' ~ instructions ~ '\n<</SYS>>\n\n' if loop.first and instructions is not none
            else '' %}
        {{ bos_token + '[INST] ' + framed + turn['content'].strip() + ' [/INST]' }}{% else %}{{ ' ' +
            turn['content'] | trim + ' ' + eos_token }}{% endif %}
        {% endfor %}
        """;

    [Fact]
    public void The_system_text_joins_the_first_question()
    {
        Assert.Equal(
            "<s>[INST] <<SYS>>\n" +
            "Be brief.\n" +
            "<</SYS>>\n" +
            "\n" +
            "Hi [/INST] Hello! </s><s>[INST] Bye é😀 [/INST]",
            TemplateSample.Render(Template, Conversations.Exchange, generate: false));
    }

    [Fact]
    public void Two_questions_in_a_row_are_refused()
    {
        var failure = Assert.Throws<TemplateException>(() =>
            TemplateSample.Render(Template, Conversations.TwoUsers, generate: false));
        Assert.Equal("template:6:4: Questions and answers must take turns.", failure.Message);
    }
}
