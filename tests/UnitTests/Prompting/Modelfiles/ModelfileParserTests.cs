using System.Text;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.UnitTests.Prompting.Modelfiles;

public sealed class ModelfileParserTests
{
    private const string InstructionMessage =
        "command must be one of \"from\", \"license\", \"template\", \"system\", \"adapter\", \"draft\", "
        + "\"renderer\", \"parser\", \"parameter\", \"message\", or \"requires\"";

    [Fact]
    public void A_whole_file_is_read_in_order()
    {
        const string Text =
            """"
            # A pirate.
            FROM tiny-chat
              # An indented comment.
            parameter temperature 0.7
            PARAMETER stop "<|im_end|>"
            Parameter	stop	###
            TEMPLATE """{{ .System }}
            {{ .Prompt }}"""
            SYSTEM "You are
            a pirate."
            MESSAGE user Hello: there
            MESSAGE assistant """ Arr "matey" """
            LICENSE MIT
            REQUIRES 0.14.0
            """";
        Assert.Equal(
            [
                new("from", "tiny-chat"),
                new("parameter", "temperature", "0.7"),
                new("parameter", "stop", "<|im_end|>"),
                new("parameter", "stop", "###"),
                new("template", "{{ .System }}\n{{ .Prompt }}"),
                new("system", "You are\na pirate."),
                new("message", "user", "Hello: there"),
                new("message", "assistant", " Arr \"matey\" "),
                new("license", "MIT"),
                new("requires", "0.14.0"),
            ],
            ModelfileParser.Parse(Text));
    }

    [Theory]
    [InlineData("a b # c", "a b # c")]
    [InlineData("  a  ", "a")]
    [InlineData("a\r", "a")]
    [InlineData("\"\"", "")]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\" a \"  ", " a ")]
    [InlineData("\"a\"b\"", "a\"b")]
    [InlineData("\"a\" b\nc\"", "a\" b\nc")]
    [InlineData("\"\"\"\na\n\"\"\"", "\na\n")]
    [InlineData("\"\"\"a\"\"\"\"", "a\"")]
    [InlineData("\"\"\"\"a\"\"\"", "\"a")]
    [InlineData("'a'", "'a'")]
    [InlineData("a\u0007b\u200bc", "abc")]
    [InlineData("\"a\u0007\"", "a\u0007")]
    [InlineData("a\\nb", "a\\nb")]
    public void Quotes_keep_what_they_hold(string written, string value) =>
        Assert.Equal([new("system", value), new("from", "m")], ModelfileParser.Parse($"SYSTEM {written}\nFROM m"));

    [Theory]
    [InlineData("", "no FROM line")]
    [InlineData("# nothing\n", "no FROM line")]
    [InlineData("SYSTEM x", "no FROM line")]
    [InlineData("FROM m\nSYSTEM \"never\n\nended", "unexpected EOF")]
    [InlineData("FROM m\nSYSTEM \"\"\"never ended\"\" \n", "unexpected EOF")]
    [InlineData("FROM m\nSYSTEM \"never\" ended", "unexpected EOF")]
    [InlineData("FROM m\nPARAMETER stop", "unexpected EOF")]
    [InlineData("FROM m\nPARAMETER stop \n", "unexpected EOF")]
    [InlineData("FROM m\nPARAMETER top-k 1", "unexpected EOF")]
    [InlineData("FROM m\nMESSAGE user\n", "unexpected EOF")]
    [InlineData("FROM \n", "unexpected EOF")]
    [InlineData("FROM m\nBAD x", "(line 2): " + InstructionMessage)]
    [InlineData("FROM m\n\n\nBAD\n", "(line 4): " + InstructionMessage)]
    [InlineData("FROM m\nSYSTEM=x", "(line 2): " + InstructionMessage)]
    [InlineData("FROM", "(line 1): " + InstructionMessage)]
    [InlineData("123 x", "(line 1): " + InstructionMessage)]
    [InlineData("FROM m\nMESSAGE tool x",
        "(line 2): message role must be one of \"system\", \"user\", or \"assistant\"")]
    [InlineData("FROM m\nMESSAGE User x",
        "(line 2): message role must be one of \"system\", \"user\", or \"assistant\"")]
    public void What_breaks_the_grammar_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ModelfileException>(() => ModelfileParser.Parse(text)).Message);

    [Fact]
    public void A_byte_order_mark_decides_the_encoding()
    {
        foreach (var encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("FROM é")];
            Assert.Equal([new("from", "é")], ModelfileParser.Parse(bytes));
        }

        Assert.Equal([new("from", "é")], ModelfileParser.Parse("FROM é"u8));
    }
}
