namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Phi 3: role tokens with newlines.</summary>
public sealed class Phi3Tests
{
    private const string Template = """
        {% for turn in messages %}{% if turn['role'] in ('system', 'user', 'assistant') and turn['content']
            %}{{'<|' + turn['role'] + '|>\n' + turn['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if
                add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}
        """;

    [Fact]
    public void A_turn_ends_with_its_token()
    {
        Assert.Equal(
            "<|system|>\n" +
            "Be brief.<|end|>\n" +
            "<|user|>\n" +
            "Hi<|end|>\n" +
            "<|assistant|>\n" +
            "Hello!<|end|>\n" +
            "<|user|>\n" +
            "Bye é😀<|end|>\n" +
            "<|assistant|>\n",
            TemplateSample.Render(Template, Conversations.Exchange));
    }

    [Fact]
    public void Without_a_generation_prompt_the_end_token_follows()
    {
        Assert.Equal(
            "<|system|>\n" +
            "Be brief.<|end|>\n" +
            "<|user|>\n" +
            "Hi<|end|>\n" +
            "<|assistant|>\n" +
            "Hello!<|end|>\n" +
            "<|user|>\n" +
            "Bye é😀<|end|>\n" +
            "</s>",
            TemplateSample.Render(Template, Conversations.Exchange, generate: false));
    }
}
