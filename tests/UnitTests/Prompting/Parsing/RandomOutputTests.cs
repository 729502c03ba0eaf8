using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>What a confused model may write: parts of the syntax in any order, cut at random.</summary>
public sealed class RandomOutputTests
{
    private static readonly string[] Parts =
    [
        "<think>", "</think>", "<tool_call>", "</tool_call>",
        "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
        "{\"name\":", "<", "</", ">", " ", "\n\n", "\u3000", "a", "the answer", "<tool_", "thi", "🦙",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Cutting_never_changes_what_is_read(int beginning)
    {
        var random = new Random(beginning);
        for (var round = 0; round < 4_000; round++)
        {
            var text = string.Concat(random.GetItems(Parts, random.Next(1, 10)));
            var whole = TryRead(Parsers.Json((OutputBeginning)beginning), [text]);
            Assert.Equal(whole, TryRead(Parsers.Json((OutputBeginning)beginning), Cut(text, random)));
            Assert.Equal(
                whole, TryRead(Parsers.Json((OutputBeginning)beginning), text.Select(one => one.ToString())));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cutting_never_changes_what_a_built_in_parser_reads(string name)
    {
        var format = ChatFormat.Bare.ReadBy(name);
        string[] parts =
        [
            .. format.PreservedTokens, .. format.PreservedTokens, "f", "call:f{", "}", "f(a=1)", "{\"a\":1}",
            "{\"name\":\"f\",\"arguments\":{}}", "<function=f>", "</function>", " to=f", "analysis", "final",
            "commentary", "thought", " ", "\n", "<", "[", "]", "text", "🦙", "<escape>", "<|\"|>",
        ];
        var random = new Random(name.Length);
        foreach (var think in new[] { true, false })
        {
            var prompt = BuiltIn.Prompt(think, BuiltIn.U) with { Tools = [BuiltIn.Tool], CallsInPieces = true };
            for (var round = 0; round < 400; round++)
            {
                var text = string.Concat(random.GetItems(parts, random.Next(1, 12)));
                var whole = TryRead(() => BuiltIn.Parser(name, prompt), [text]);
                Assert.Equal(whole, TryRead(() => BuiltIn.Parser(name, prompt), Cut(text, random)));
                Assert.Equal(whole, TryRead(() => BuiltIn.Parser(name, prompt), text.Select(one => one.ToString())));
            }
        }
    }

    public static TheoryData<string> Names() => [.. ChatNames.Parsers];

    [Fact]
    public void A_long_completion_in_pieces_of_one_character_takes_linear_time()
    {
        // Quadratic work on this many characters would take minutes.
        foreach (var text in new[]
        {
            "<tool_call>" + new string('x', 1 << 18), new string(' ', 1 << 18),
            "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\"" + new string('x', 1 << 18),
        })
        {
            Completion.Read(Parsers.Json()(), text.Select(character => character.ToString()));
        }
    }

    // A malformed call ends the completion; what was said before it depends on the cuts.
    private static Completion? TryRead(Func<IOutputParser> parser, IEnumerable<string> pieces)
    {
        try
        {
            return Completion.Read(parser(), pieces);
        }
        catch (OutputFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Cut(string text, Random random)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 9), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
