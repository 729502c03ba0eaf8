namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Alpaca: headings instead of markers.</summary>
public sealed class AlpacaTests
{
    private const string Template = """
        {% if messages[0]['role'] == 'system' %}{{ messages[0]['content'] | trim ~ '\n\n' }}{% endif %}
        {% for turn in messages if turn['role'] != 'system' %}
        ### {{ 'Instruction' if turn['role'] == 'user' else 'Response' }}:
        {{ turn['content'] | trim }}

        {% endfor %}
        {% if add_generation_prompt %}
        ### Response:
        {% endif %}
        """;

    [Fact]
    public void Turns_are_headings()
    {
        Assert.Equal(
            "Be brief.\n" +
            "\n" +
            "### Instruction:\n" +
            "Hi\n" +
            "\n" +
            "### Response:\n" +
            "Hello!\n" +
            "\n" +
            "### Instruction:\n" +
            "Bye é😀\n" +
            "\n" +
            "### Response:\n",
            TemplateSample.Render(Template, Conversations.Exchange));
    }
}
