using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>Calls of families whose arguments are no JSON, told as JSON while the model writes them.</summary>
public sealed class GrowingTagCallTests
{
    private const string Coder = "<tool_call>\n<function=w>\n<parameter=city>\n";
    private const string CoderEnd = "\n</parameter>\n<parameter=n>\n2\n</parameter>\n</function>\n</tool_call>";
    private const string Invoke = "<invoke name=\"w\">\n<parameter name=\"city\">";
    private const string InvokeEnd = "</parameter>\n<parameter name=\"n\">2</parameter>\n</invoke>\n";
    private const string Dsml = "<｜DSML｜invoke name=\"w\">\n<｜DSML｜parameter name=\"city\" string=\"true\">";
    private const string DsmlEnd = "</｜DSML｜parameter>\n<｜DSML｜parameter name=\"n\" string=\"false\">2"
        + "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>";

    private const string Atem = " to=w<|message|><atem:function_calls><atem:invoke name=\"w\">"
        + "<atem:parameter name=\"city\">";

    private const string AtemEnd = "</atem:parameter><atem:parameter name=\"n\">2</atem:parameter></atem:invoke>"
        + "</atem:function_calls><|eom|>";

    private const string Pairs = "<tool_call>w\n<arg_key>city</arg_key>\n<arg_value>";
    private const string PairsEnd = "</arg_value>\n<arg_key>n</arg_key>\n<arg_value>2</arg_value>\n</tool_call>";

    private static readonly ToolDefinition Weather = Parsers.Tool(
        "w",
        """
        {"city":{"type":"string"},"n":{"type":"integer"},"any":{},"sn":{"type":["string","null"]},
         "i":{"type":"integer"}}
        """);

    /// <summary>A parser or a template, and what stands around a text of a call.</summary>
    public static TheoryData<string, string, string> Families() => new()
    {
        { "qwen3-coder", Coder, CoderEnd },
        { "qwen3.5", "</think>" + Coder, CoderEnd },
        { "nemotron-3-nano", "</think>" + Coder, CoderEnd },
        {
            "<seed:tool_call> <function= <parameter=", Coder.Replace("<tool_call>", "<seed:tool_call>"),
            CoderEnd.Replace("</tool_call>", "</seed:tool_call>")
        },
        { "<minimax:tool_call>", "<minimax:tool_call>\n" + Invoke, InvokeEnd + "</minimax:tool_call>" },
        { "DSML function_calls", "<｜DSML｜function_calls>\n" + Dsml, DsmlEnd },
        { "glimmer", Atem, AtemEnd },
        { "glm-4.7", "</think>" + Pairs, PairsEnd },
        { "laguna", Pairs, PairsEnd },
        { "functiongemma", "<start_function_call>call:w{city:<escape>", "<escape>,n:2}<end_function_call>" },
        { "gemma4", "<|tool_call>call:w{city:<|\"|>", "<|\"|>,n:2}<tool_call|>" },
        { "lfm2", "<|tool_call_start|>[w(city=\"", "\", n=2)]<|tool_call_end|>" },
        { "olmo3", "<function_calls>\nw(city='", "', n=2)\n</function_calls>" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_text_goes_out_as_it_is_written(string format, string before, string after)
    {
        const string Value = "Par is é <b>, {x}";
        var parser = Create(format, true);
        var told = Told(parser, before);
        Assert.StartsWith(told, "{\"city\":\"", StringComparison.Ordinal);
        Assert.NotEmpty(told);
        foreach (var character in Value)
        {
            told += Told(parser, character.ToString());
        }

        // What may begin a mark waits for the next character.
        Assert.Equal("{\"city\":\"" + Value.TrimEnd('}'), told.TrimEnd('}'));
        told += Told(parser, after[..after.LastIndexOf('2')]);
        Assert.StartsWith("{\"city\":\"" + Value + "\"", told, StringComparison.Ordinal);
        var rest = parser.Read(after[after.LastIndexOf('2')..]);
        told += string.Concat(rest.CallPieces.Select(piece => piece.Arguments));
        Assert.Equal("{\"city\":\"" + Value + "\",\"n\":2}", told);
        Assert.Equal(told, Assert.Single(rest.ToolCalls).Arguments.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Any_text_is_the_same_in_pieces_and_whole(string format, string before, string after)
    {
        string[] parts =
        [
            "n", "u", "NULL", "null", "\n", "\"", "'", "\\", "<", "</", ">", "{", "}", "]", " ", ",", "🦙", "é",
            "\u007f", "\t", "&", "</param", "<|", "call:", "12", "true", "=", "(", ")", ":", "<function=", "\u2028",
        ];
        var random = new Random(format.Length);
        for (var round = 0; round < 25; round++)
        {
            var value = string.Concat(random.GetItems(parts, random.Next(0, 7)));
            Completion.Of(inPieces => Create(format, inPieces), before + value + after);
        }
    }

    [Theory]
    [InlineData("any")]
    [InlineData("sn")]
    [InlineData("i")]
    [InlineData("unknown")]
    public void Types_decide_as_ever(string parameter)
    {
        string[] values = ["", "null", "nul", "Nullable", "\n", "\n\n", "2", "2\n", "x\n\ny", "[1]", "true"];
        foreach (var value in values)
        {
            var text = Coder.Replace("city", parameter) + value + CoderEnd;
            Assert.NotEmpty(Completion.Of(inPieces => Create("qwen3-coder", inPieces), text).Calls);
        }
    }

    [Theory]
    [InlineData("gemma4", "<|tool_call>call:w{any:[1,{x:<|\"|>a]}\"<|\"|>},'}'],city:<|\"|>P",
        "{\"any\":[1,{\"x\":\"a]}\\\"\"},\"}\"],\"city\":\"P")]
    [InlineData("functiongemma", "<start_function_call>call:w{any:{x:[<escape>]<escape>,it's]},city:<escape>P",
        "{\"any\":{\"x\":[\"]\",\"it's\"]},\"city\":\"P")]
    [InlineData("lfm2", "<|tool_call_start|>[w(any=[1, {\"x\": \"a]\"}, 'b}'], city=\"P",
        "{\"any\":[1,{\"x\":\"a]\"},\"b}\"],\"city\":\"P")]
    [InlineData("olmo3", "<function_calls>w(any={\"x\": [None, True]}, city=\"P",
        "{\"any\":{\"x\":[null,true]},\"city\":\"P")]
    public void Lists_and_objects_come_when_they_are_complete(string format, string text, string told)
    {
        Assert.Equal(told, Told(Create(format, true), text));
        var parser = Create(format, true);
        Assert.Equal(told, string.Concat(text.Select(one => Told(parser, one.ToString()))));
    }

    [Theory]
    [InlineData("gemma4", "<|tool_call>call:w{any:", "}<tool_call|>")]
    [InlineData("functiongemma", "<start_function_call>call:w{any:", "}<end_function_call>")]
    [InlineData("lfm2", "<|tool_call_start|>[w(any=", ")]<|tool_call_end|>")]
    [InlineData("olmo3", "<function_calls>w(any=", ")</function_calls>")]
    public void Any_literal_is_the_same_in_pieces_and_whole(string format, string before, string after)
    {
        string[] parts =
        [
            "[", "]", "{", "}", ",", ":", "x", "1", "\"", "'", "\\", " ", "<|\"|>", "<escape>", "None", "[1]", "{x:1}",
            "\"a\"", "<|\"|>b<|\"|>", "<escape>c<escape>",
        ];
        var random = new Random(format.Length);
        for (var round = 0; round < 120; round++)
        {
            var value = string.Concat(random.GetItems(parts, random.Next(1, 9)));
            Completion.Of(inPieces => Create(format, inPieces), before + value + after);
        }
    }

    [Fact]
    public void Every_character_is_escaped_as_in_the_whole_call()
    {
        var characters = Enumerable.Range(1, 0x2100).Where(one => one is not ('<' or '\r')).Select(one => (char)one);
        var text = Coder + string.Concat(characters) + CoderEnd;
        Assert.Equal(Read(inPieces: false), Read(inPieces: true));

        Completion Read(bool inPieces) =>
            Completion.Read(Create("qwen3-coder", inPieces), text.Select(one => one.ToString()));
    }

    [Fact]
    public void A_parameter_that_is_written_again_is_told_again()
    {
        const string Text = "<tool_call><function=w><parameter=n>7</parameter><parameter=n>8</parameter></function>"
            + "</tool_call>";
        Assert.Equal("w{\"n\":8}", Completion.Of(() => Create("qwen3-coder", false), Text).Calls);
        Assert.Equal("w{\"n\":7,\"n\":8}", Completion.Of(() => Create("qwen3-coder", true), Text).Calls);
        const string Pair = "<arg_key>n</arg_key><arg_value>7</arg_value>";
        Assert.Equal(
            "w{\"n\":7,\"n\":7}",
            Completion.Of(() => Create("laguna", true), $"<tool_call>w{Pair}{Pair}</tool_call>").Calls);
    }

    [Fact]
    public void Several_calls_of_one_block_grow_one_after_another()
    {
        const string Text = "<minimax:tool_call>" + Invoke + "a" + InvokeEnd + Invoke + "b" + InvokeEnd
            + "</minimax:tool_call>";
        var parser = Create("<minimax:tool_call>", true);
        var pieces = Text.Select(one => parser.Read(one.ToString())).SelectMany(output => output.CallPieces).ToList();
        Assert.Equal(
            ["{\"city\":\"a\",\"n\":2}", "{\"city\":\"b\",\"n\":2}"],
            pieces.GroupBy(piece => piece.Index).Select(call => string.Concat(call.Select(one => one.Arguments))));
        Completion.Of(inPieces => Create("<minimax:tool_call>", inPieces), Text);
    }

    [Theory]
    [InlineData("qwen3-coder", Coder + "Paris</function></tool_call>")]
    [InlineData("<minimax:tool_call>", "<minimax:tool_call>" + Invoke + "Paris</invoke></minimax:tool_call>")]
    [InlineData("laguna", Pairs + "Paris</arg_value> and more</tool_call>")]
    [InlineData("functiongemma", "<start_function_call>call:w{city:<escape>Paris}<end_function_call>")]
    [InlineData("lfm2", "<|tool_call_start|>[w(city=\"Paris\", 2)]<|tool_call_end|>")]
    public void A_call_that_breaks_in_the_middle_is_refused(string format, string text) =>
        Completion.Refusal(() => Create(format, true), text);

    [Theory]
    [InlineData("qwen3-coder", Coder + "Paris")]
    [InlineData("functiongemma", "<start_function_call>call:w{city:<escape>Paris")]
    [InlineData("gemma4", "<|tool_call>call:w{city:<|\"|>Paris<|\"|>,n")]
    [InlineData("lfm2", "<|tool_call_start|>[w(city=\"Paris")]
    public void A_call_that_the_end_cuts_off_is_none(string format, string text)
    {
        var parser = Create(format, true);
        Assert.StartsWith("{\"city\":\"Paris", Told(parser, text), StringComparison.Ordinal);
        Assert.Empty(parser.Finish().ToolCalls);
    }

    [Fact]
    public void A_call_that_is_mended_is_told_to_its_end()
    {
        const string Text = "<tool_call>w\n<arg_key>city</arg_key>\n<arg_value>Paris<arg_key>n</arg_key>"
            + "<arg_value>2</arg_value></tool_call>";
        Assert.Equal(
            "w{\"city\":\"Paris\",\"n\":2}", Completion.Of(inPieces => Create("laguna", inPieces), Text).Calls);
        Assert.Equal("{\"city\":\"Paris", Told(Create("laguna", true), Text[..^30]));
        const string Cut = Pairs + "Paris";
        Assert.Equal(
            "w{\"city\":\"Paris\"}", Completion.Of(inPieces => Create("laguna", inPieces), Cut).Calls);
    }

    [Fact]
    public void A_long_text_takes_linear_time()
    {
        // Quadratic work on this many characters would take minutes.
        foreach (var (format, text) in new[]
        {
            ("qwen3-coder", Coder + new string('x', 1 << 17)), ("qwen3-coder", Coder + new string('<', 1 << 17)),
            ("gemma4", "<|tool_call>call:w{city:<|\"|>" + new string('}', 1 << 17)),
            ("lfm2", "<|tool_call_start|>[w(city=\"" + new string('\\', 1 << 17)),
        })
        {
            Completion.Read(Create(format, true), text.Select(character => character.ToString()));
        }
    }

    private static string Told(IOutputParser parser, string text) =>
        string.Concat(parser.Read(text).CallPieces.Select(piece => piece.Arguments));

    private static IOutputParser Create(string format, bool inPieces)
    {
        var prompt = BuiltIn.Prompt(null, BuiltIn.U) with { Tools = [Weather], CallsInPieces = inPieces };
        return format.Contains('<') || format.Contains(' ')
            ? Platform.Prompting.Rendering.ChatFormat.FromJinja(format).CreateParser(prompt, "", new Random(1))
            : BuiltIn.Parser(format, prompt);
    }
}
