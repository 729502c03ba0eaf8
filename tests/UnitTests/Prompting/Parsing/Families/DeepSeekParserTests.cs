using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

public sealed class DeepSeekParserTests
{
    private const string Begin = "<｜tool▁calls▁begin｜>";
    private const string End = "<｜tool▁calls▁end｜>";
    private const string One = "<｜tool▁call▁begin｜>a<｜tool▁sep｜>{\"x\":1}<｜tool▁call▁end｜>";
    private const string Two = "<｜tool▁call▁begin｜>b<｜tool▁sep｜>{}<｜tool▁call▁end｜>";
    private const string Broken = "<｜tool▁call▁begin｜>c<｜tool▁sep｜>{x<｜tool▁call▁end｜>";

    private const string Fenced =
        "<｜tool▁call▁begin｜>function<｜tool▁sep｜>a\n```json\n{\"x\":1}\n```<｜tool▁call▁end｜>";

    [Theory]
    [InlineData("deepseek3", true, "I add\n</think>\n\n5", "5", "I add", "")]
    [InlineData("deepseek3", null, "5", "5", "", "")]
    [InlineData("deepseek3", false, "ok" + Begin + One + Two + End, "ok", "", "a{\"x\":1} b{}")]
    [InlineData("deepseek3", false, Begin + One + Broken + Two + End + "after", "after", "", "a{\"x\":1}")]
    [InlineData("deepseek3", false, "ok <｜tool▁output▁begin｜>x<｜tool▁output▁end｜>",
        "ok <｜tool▁output▁begin｜>x<｜tool▁output▁end｜>", "", "")]
    [InlineData("deepseek3", false, Begin + One + "<｜tool▁call▁begin｜>b<｜tool▁sep｜>{", "", "", "a{\"x\":1}")]
    [InlineData("cogito", false, "ok" + Begin + Fenced + "\n" + Fenced + End, "ok", "", "a{\"x\":1} a{\"x\":1}")]
    [InlineData("cogito", true, "<｜tool▁outputs▁begin｜>made up<｜tool▁outputs▁end｜>A", "A", "", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(new(content, thinking, calls), BuiltIn.Read(parser, text, think));

    [Fact]
    public void Cogito_thinks_when_it_has_no_tools() =>
        Assert.Equal(
            new("A", "R", ""), BuiltIn.Read("cogito", "R</think>\nA", BuiltIn.Prompt(true, BuiltIn.U)));
}
