namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>ChatML, the format many models share.</summary>
public sealed class ChatMlTests
{
    private const string Template = """
        {% for turn in messages %}{{ '<|im_start|>' ~ turn['role'] ~ '\n' ~ turn['content'] ~ '<|im_end|>\n' }}{%
            endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    [Fact]
    public void A_turn_is_wrapped_in_markers()
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
            "<|im_start|>assistant\n",
            TemplateSample.Render(Template, Conversations.Exchange));
    }

    [Fact]
    public void Without_a_generation_prompt_the_text_ends_with_the_last_turn()
    {
        Assert.Equal(
            "<|im_start|>system\n" +
            "Be brief.<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Hi<|im_end|>\n" +
            "<|im_start|>assistant\n" +
            "Hello!<|im_end|>\n" +
            "<|im_start|>user\n" +
            "Bye é😀<|im_end|>\n",
            TemplateSample.Render(Template, Conversations.Exchange, generate: false));
    }
}
