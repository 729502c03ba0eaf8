using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Gemma: no system role, images as markers.</summary>
public sealed class GemmaTests
{
    private const string Template = """
        {{ bos_token }}
        {%- set lead = namespace(text='', skip=0) -%}
        {%- if messages[0].role == 'system' -%}
            {%- set body = messages[0].content -%}
            {%- set lead.text = (body if body is string else body[0].text) ~ '\n\n' -%}
            {%- set lead.skip = 1 -%}
        {%- endif -%}
        {%- macro part(item) -%}
            {%- if item.type == 'image' -%}
                <start_of_image>
            {%- else -%}
                {{ item.text | trim }}
            {%- endif -%}
        {%- endmacro -%}
        {%- for turn in messages[lead.skip:] -%}
            {%- set speaker = {'assistant': 'model'}.get(turn.role, turn.role) -%}
            {%- if (speaker == 'model') != loop.index is even -%}
                {{ raise_exception('The roles must alternate.') }}
            {%- endif -%}
            <start_of_turn>{{ speaker ~ '\n' }}
            {%- if loop.first -%}
                {{ lead.text }}
            {%- endif -%}
            {%- if turn.content is string -%}
                {{ turn.content | trim }}
            {%- elif turn.content is iterable and turn.content is not mapping -%}
                {%- for item in turn.content -%}{{ part(item) }}{%- endfor -%}
            {%- else -%}
                {{ raise_exception('The content is neither text nor a list.') }}
            {%- endif -%}
            {{ '<end_of_turn>\n' }}
        {%- endfor -%}
        {{ '<start_of_turn>model\n' if add_generation_prompt }}
        """;

    [Fact]
    public void The_system_text_joins_the_first_question()
    {
        Assert.Equal(
            "<s><start_of_turn>user\n" +
            "Be brief.\n" +
            "\n" +
            "Hi<end_of_turn>\n" +
            "<start_of_turn>model\n" +
            "Hello!<end_of_turn>\n" +
            "<start_of_turn>user\n" +
            "Bye é😀<end_of_turn>\n" +
            "<start_of_turn>model\n",
            TemplateSample.Render(Template, Conversations.Exchange));
    }

    [Fact]
    public void Parts_of_a_message_are_joined()
    {
        Assert.Equal(
            "<s><start_of_turn>user\n" +
            "Look:<start_of_image>there<end_of_turn>\n" +
            "<start_of_turn>model\n",
            TemplateSample.Render(Template, Conversations.Parts));
    }

    [Fact]
    public void Two_questions_in_a_row_are_refused()
    {
        var failure = Assert.Throws<TemplateException>(() =>
            TemplateSample.Render(Template, Conversations.TwoUsers));
        Assert.Equal("template:18:12: The roles must alternate.", failure.Message);
    }
}
