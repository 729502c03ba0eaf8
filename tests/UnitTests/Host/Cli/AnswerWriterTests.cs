using Ollama.Platform.Host.Cli.Chat;

namespace Ollama.Platform.UnitTests.Host.Cli;

public sealed class AnswerWriterTests : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };

    public void Dispose() => _out.Dispose();

    [Fact]
    public void Thinking_stands_apart_from_the_answer()
    {
        var writer = new AnswerWriter(_out, styled: false, wrapColumns: null, thinkingHidden: false);
        writer.WriteThinking("Let me");
        writer.WriteThinking(" see.");
        writer.WriteContent("Paris");
        writer.WriteContent(".");
        writer.End();
        Assert.Equal("Thinking...\nLet me see.\n...done thinking.\n\nParis.\n", _out.ToString());
    }

    [Fact]
    public void Hidden_thinking_leaves_the_answer_alone()
    {
        var writer = new AnswerWriter(_out, styled: true, wrapColumns: null, thinkingHidden: true);
        writer.WriteThinking("Let me see.");
        writer.WriteContent("Paris.");
        writer.End();
        Assert.Equal("Paris.\n", _out.ToString());
    }

    [Fact]
    public void A_word_that_does_not_fit_moves_to_the_next_line_as_a_whole()
    {
        var writer = new AnswerWriter(_out, styled: true, wrapColumns: 10, thinkingHidden: false);
        writer.WriteContent("four fi");
        writer.WriteContent("ve seven");
        writer.End();
        Assert.Equal("four five \nseven\n", _out.ToString());
    }

    [Fact]
    public void A_word_that_was_begun_is_taken_back()
    {
        var writer = new AnswerWriter(_out, styled: true, wrapColumns: 10, thinkingHidden: false);
        writer.WriteContent("sixsix fivef");
        writer.End();
        Assert.Equal("sixsix fiv\u001b[3D\u001b[K\nfivef\n", _out.ToString());
    }

    [Fact]
    public void A_word_longer_than_a_line_is_left_to_the_terminal()
    {
        var writer = new AnswerWriter(_out, styled: true, wrapColumns: 5, thinkingHidden: false);
        writer.WriteContent("abcdefghij");
        writer.End();
        Assert.Equal("abcdefghij\n", _out.ToString());
    }
}
