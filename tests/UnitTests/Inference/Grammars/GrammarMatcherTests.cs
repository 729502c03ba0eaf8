using System.Text;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling.Grammars;

namespace Ollama.Platform.UnitTests.Inference.Grammars;

public sealed class GrammarMatcherTests
{
    [Theory]
    [InlineData("root ::= \"a\"", "a", "|b|aa")]
    [InlineData("root ::= [a-c]+ \"-\"? [^a-z\\n]*", "a|abc|cab-|a12|b-ÄÖ世👋", "|d|-|a1c|a-\n")]
    [InlineData("root ::= (\"x\" | \"yy\"){2,3}", "xx|xyy|yyyyyy|xxx", "x|xxxx|yyy")]
    [InlineData("root ::= item (\",\" item)* \nitem ::= [0-9]", "1|1,2|1,2,3", "1,|,1|12")]
    [InlineData("root ::= \"(\" root? \")\"", "()|(())|((()))", "(|)|(()|())")]
    [InlineData("root ::= \"\" | \"a\" root", "|a|aaaa", "b|ab")]
    [InlineData("root ::= .", "a|\n|ß|👋", "|ab")]
    [InlineData("root ::= [\\x41-\\x43] [\\u00e4] \"\\U0001F44B\"", "Aä👋", "Dä👋|A👋")]
    [InlineData("root ::= \"a\"{0,} \"b\"{2} \"c\"{1,}", "bbc|aabbccc", "bc|abb|bbb")]
    [InlineData("# first\nroot ::= # what\n  \"a\" |\n \"b\" # end\n", "a|b", "ab")]
    [InlineData("root ::= (\n  \"a\"\n  \"b\"\n)\n", "ab", "a")]
    [InlineData("root ::= [-a] [a-] [\\]]", "--]|aa]", "b-]")]
    [InlineData("root ::= (\"a\"?)* \"b\"", "b|aaab", "a")]
    [InlineData("root ::= \"a\"{0}", "", "a")]
    public void A_text_matches_or_does_not(string grammar, string good, string bad)
    {
        foreach (var text in good.Split('|'))
        {
            Assert.True(Texts.Matches(grammar, text), $"'{text}' should match.");
        }

        foreach (var text in bad.Split('|').Where(text => text.Length > 0 || !good.Split('|').Contains("")))
        {
            Assert.False(Texts.Matches(grammar, text), $"'{text}' should not match.");
        }
    }

    [Theory]
    [InlineData("", "no rule 'root'")]
    [InlineData("start ::= \"a\"", "no rule 'root'")]
    [InlineData("root ::= a", "line 1, column 10: rule 'a' is not defined")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1: rule 'root' is defined twice")]
    [InlineData("root ::= \"a", "line 1, column 10: the literal does not end")]
    [InlineData("root ::= [a", "line 1, column 10: the character class does not end")]
    [InlineData("root ::= (\"a\"", "line 1, column 10: the group does not end")]
    [InlineData("root ::= \"a\")", "line 1, column 13: ')' is unexpected")]
    [InlineData("root = \"a\"", "'::=' is expected")]
    [InlineData("root ::= \"\\q\"", "'\\q' is no escape")]
    [InlineData("root ::= \"\\xZZ\"", "2 hexadecimal digits")]
    [InlineData("root ::= \"\\uD800\"", "U+D800 is no character")]
    [InlineData("root ::= [b-a]", "the range ends before it begins")]
    [InlineData("root ::= \"a\"{3,2}", "the repetition ends before it begins")]
    [InlineData("root ::= \"a\"{,}", "needs a number")]
    [InlineData("root ::= \"a\"{9999999999999}", "repetitions are possible")]
    [InlineData("root ::= \"a\"{1", "'}' is expected")]
    [InlineData("root ::= root \"a\" | \"b\"", "rule 'root' begins with itself")]
    [InlineData("root ::= a \"x\"\na ::= b? c\nb ::= \"b\"\nc ::= a | \"c\"", "begins with itself")]
    [InlineData("root ::= \"a\" root", "no text is complete by rule 'root'")]
    [InlineData("root ::= []", "no text is complete")]
    [InlineData("root ::= <think> \"a\"", "tokens are not supported")]
    [InlineData("root ::= \"a\" ? * !", "tokens are not supported")]
    [InlineData("root ::= ? \"a\"", "'?' is unexpected")]
    [InlineData("ro ot ::= \"a\"", "'::=' is expected")]
    public void A_bad_grammar_is_refused_with_its_place(string grammar, string message) =>
        Assert.Contains(message, Assert.Throws<GrammarSyntaxException>(() => GrammarNetwork.Compile(grammar)).Message);

    [Fact]
    public void Hostile_grammars_are_refused_and_do_not_hang()
    {
        string[] grammars =
        [
            "root ::= " + new string('(', 100_000),
            "root ::= " + new string('(', 60) + "\"a\"" + new string(')', 60) + new string('?', 1000),
            "root ::= \"" + new string('a', 2_000_000) + "\"",
            string.Concat(Enumerable.Range(0, 20_000).Select(rule => $"r{rule} ::= r{rule + 1}\n")),
            "root ::= ((((\"a\"{100}){100}){100}){100}){100} \"b\"{0,1000000000}" + new string('\\', 9),
        ];
        foreach (var grammar in grammars)
        {
            Assert.Throws<GrammarSyntaxException>(() => GrammarNetwork.Compile(grammar));
        }
    }

    [Fact]
    public void A_grammar_that_can_be_read_in_too_many_ways_is_refused()
    {
        var grammar = "root ::= (\"a\"?){1000000000}";
        Assert.Throws<GrammarOverflowException>(() => Texts.Matches(grammar, "aaa"));
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(5, 129)]
    [InlineData(500, 500)]
    [InlineData(200, 1000)]
    [InlineData(777, int.MaxValue)]
    public void Many_repetitions_are_counted_exactly(int min, int max)
    {
        var grammar = $"root ::= \"<\" [ab]{{{min},{(max == int.MaxValue ? "" : max)}}} \">\"";
        var matcher = Texts.Matcher(grammar);
        foreach (var count in new[] { 0, min - 1, min, min + 1, 128, 255, 256, max - 1, max, (long)max + 1 })
        {
            if (count is >= 0 and < 10_000)
            {
                var text = $"<{new string('b', (int)count)}>";
                Assert.Equal(count >= min && count <= max, Texts.Matches(matcher, Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    [Fact]
    public void A_character_may_be_split_between_pieces()
    {
        var matcher = Texts.Matcher("root ::= \"ä\" [世-界]+ [^a]");
        var text = "ä世界👋"u8.ToArray();
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                matcher.Reset();
                Assert.True(matcher.Accept(text.AsSpan(0, first)));
                Assert.True(matcher.Accept(text.AsSpan(first, second - first)));
                Assert.True(matcher.Accept(text.AsSpan(second)));
                Assert.True(matcher.IsComplete);
                Assert.True(matcher.MustEnd);
            }
        }

        matcher.Reset();
        Assert.False(matcher.Allows([0xFF]));
        Assert.False(matcher.Allows([0xC3, 0x28]));
        Assert.False(matcher.Accept("b"u8));
        Assert.True(matcher.Allows("ä"u8));
    }

    [Fact]
    public void Every_code_point_of_a_class_matches_and_no_other()
    {
        var random = new Random(7);
        Span<byte> bytes = stackalloc byte[4];
        for (var round = 0; round < 40; round++)
        {
            int[] edges = [.. Enumerable.Range(0, 4).Select(_ => random.Next(0x110000) >> random.Next(12))];
            Array.Sort(edges);
            var grammar = $"root ::= [\\U{edges[0]:X8}-\\U{edges[1]:X8}\\U{edges[2]:X8}-\\U{edges[3]:X8}]";
            if (edges.Any(edge => edge is >= 0xD800 and <= 0xDFFF))
            {
                continue;
            }

            var automaton = new GrammarAutomaton(GrammarNetwork.Compile(grammar));
            for (var point = 0; point < 0x110000; point += 1 + random.Next(37))
            {
                if (Rune.TryCreate(point, out var rune))
                {
                    var length = rune.EncodeToUtf8(bytes);
                    var inside = (point >= edges[0] && point <= edges[1]) || (point >= edges[2] && point <= edges[3]);
                    Assert.Equal(inside, automaton.Follow(automaton.Start, bytes[..length]) >= 0);
                }
            }
        }
    }

    [Fact]
    public void Deep_nesting_outlives_what_the_automaton_forgets()
    {
        var automaton = new GrammarAutomaton(GrammarNetwork.Compile("root ::= \"[\" (root (\",\" root)*)? \"]\""));
        var (deep, other) = (new GrammarMatcher(automaton), new GrammarMatcher(automaton));
        Assert.True(other.Accept("[[],["u8));
        const int Depth = 100_000;
        for (var depth = 0; depth < Depth; depth++)
        {
            Assert.True(deep.Accept("["u8));
        }

        Assert.True(automaton.StateCount <= GrammarBounds.StateCountSoft + 2);
        for (var depth = 0; depth < Depth; depth++)
        {
            Assert.False(deep.IsComplete);
            Assert.True(deep.Accept("]"u8));
        }

        Assert.True(deep.IsComplete && deep.MustEnd);
        Assert.True(other.Accept("]]"u8) && other.IsComplete);
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var matcher = Texts.Matcher("root ::= \"ab\" [cd]");
        Assert.True(matcher.Accept("a"u8));
        var copy = matcher.Clone();
        Assert.True(copy.Accept("bc"u8) && copy.IsComplete);
        Assert.True(matcher.Accept("bd"u8) && matcher.IsComplete);
        copy.Reset();
        copy.CopyFrom(matcher);
        Assert.True(copy.IsComplete);
    }

    [Theory]
    [InlineData(null, "thought</think>{}", true)]
    [InlineData(null, "a</thi</think>\n\n{}", true)]
    [InlineData(null, "</think>{}", true)]
    [InlineData(null, "thought", false)]
    [InlineData(null, "thought</think>Sure", false)]
    [InlineData("<think>", "<think>a\u00FF</think> {}", true)]
    [InlineData("<think>", "\n<think>a</think>{}", true)]
    [InlineData("<think>", "{}", true)]
    [InlineData("<think>", "Sure {}", false)]
    public void A_text_is_free_until_its_mark(string? open, string text, bool matches)
    {
        var matcher = Texts.Matcher("root ::= \"{}\"", new GrammarStart(open, "</think>"));
        Assert.Equal(matches, Texts.Matches(matcher, Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_chain_of_rules_is_checked_in_time(bool backwards)
    {
        var lines = Enumerable.Range(1, 8000).Select(rule => $"r{rule} ::= r{rule - 1}");
        var text = "r0 ::= \"a\"\n" + string.Join('\n', backwards ? lines.Reverse() : lines) + "\nroot ::= r8000";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(GrammarSource.Explain(text));
        // It takes milliseconds; asking every rule again for each that is settled took seconds.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void The_mask_says_of_every_token_what_a_check_says()
    {
        var random = new Random(3);
        List<byte[]> list = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
        for (var token = 0; token < 3000; token++)
        {
            var piece = new byte[random.Next(6)];
            for (var index = 0; index < piece.Length; index++)
            {
                piece[index] = "\"{}[],:0123abcn ä\n"u8[random.Next(18)];
            }

            list.Add(piece);
        }

        var pieces = new PieceTable(list, [.. list.Select((_, token) => token == list.Count - 1)]);
        var trie = new PieceTrie(pieces);
        var grammar = Ollama.Platform.Prompting.Grammars.Grammar.AnyJson.Text;
        var matcher = Texts.Matcher(grammar);
        var constraint = new GrammarConstraint(matcher, pieces, trie);
        var mask = new ulong[trie.MaskLength];
        foreach (var value in "{\"a\": [1, 23, {\"b\": \"cä\"}]}"u8.ToArray())
        {
            matcher.FillAllowed(trie, mask);
            var allowed = trie.Tokens.Where((_, place) => (mask[place / 64] >> (place % 64) & 1) != 0);
            Assert.Equal(Enumerable.Range(0, list.Count).Where(constraint.Allows), allowed.Order());

            Assert.True(matcher.Accept([value]));
        }

        Assert.True(matcher.IsComplete);
    }

    [Fact]
    public void Following_known_text_allocates_nothing()
    {
        var matcher = Texts.Matcher(Ollama.Platform.Prompting.Grammars.Grammar.AnyJson.Text);
        var text = "{\"name\": \"Grüße\", \"list\": [1, 2.5e3, true, null]}"u8.ToArray();
        Follow();
        Follow();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Follow();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Follow()
        {
            matcher.Reset();
            for (var index = 0; index < text.Length; index++)
            {
                if (!matcher.Allows(text.AsSpan(index, 1)) || !matcher.Accept(text.AsSpan(index, 1)))
                {
                    throw new InvalidOperationException();
                }
            }
        }
    }
}
