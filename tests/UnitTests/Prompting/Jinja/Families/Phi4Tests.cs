namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Phi 4: ChatML with a separator and no newlines.</summary>
public sealed class Phi4Tests
{
    private const string Template = """
        {% for turn in messages %}{% if (turn['role'] == 'system') %}{{'<|im_start|>system<|im_sep|>' ~
            turn['content'] ~ '<|im_end|>'}}{% elif (turn['role'] == 'user') %}{{'<|im_start|>user<|im_sep|>' ~
                turn['content'] ~ '<|im_end|>'}}{% else %}{{'<|im_start|>assistant<|im_sep|>' ~ turn['content']
                    ~ '<|im_end|>'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{
                        '<|im_start|>assistant<|im_sep|>' }}{% endif %}
        """;

    [Fact]
    public void A_turn_has_no_newlines()
    {
        Assert.Equal(
            "<|im_start|>system<|im_sep|>Be " +
            "brief.<|im_end|><|im_start|>user<|im_sep|>Hi<|im_end|><|im_start|>assistant<|im_sep|>Hello!<|im_en" +
            "d|><|im_start|>user<|im_sep|>Bye é😀<|im_end|><|im_start|>assistant<|im_sep|>",
            TemplateSample.Render(Template, Conversations.Exchange));
    }
}
