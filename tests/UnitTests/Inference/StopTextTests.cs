using System.Text;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class StopTextTests
{
    private static readonly string[] Letters = ["a", "b", "é", "👋"];

    public static TheoryData<string, string[]> Texts => new()
    {
        { "The end.\n\nUser: more", ["\n\nUser:"] },
        { "aaab and more", ["aab"] },
        { "abababac!", ["ababac"] },
        { "she sells hers", ["hers", "sells", "he sells"] },
        { "xabcdx", ["abcd", "bc"] },
        { "xabc", ["abcd", "bcd"] },
        { "nothing here", ["zzz", "here and there"] },
        { "Grüße 世界 👋 und 👋 weiter", ["👋 weiter"] },
        { "世界世界和平", ["世和", "界和"] },
        { "stop at once", ["stop"] },
        { "ends with stop", ["stop"] },
        { "no stops at all", [] },
        { "an empty one is ignored", [""] },
        { "twice twice", ["twice twice", "twice"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_the_same_however_it_is_cut_into_tokens(string text, string[] stops)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var expected = Expect(text, stops);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                AssertText(expected, stops, [bytes[..first], bytes[first..second], bytes[second..]]);
            }
        }

        AssertText(expected, stops, [.. bytes.Select(value => new[] { value })]);
    }

    [Fact]
    public void Random_texts_and_stops_agree_with_a_plain_search()
    {
        var source = new Random(42);
        for (var round = 0; round < 3000; round++)
        {
            var text = RandomText(source, 1 + source.Next(30));
            var stops = Enumerable.Range(0, source.Next(4))
                .Select(_ => RandomText(source, 1 + source.Next(4)))
                .ToArray();
            var bytes = Encoding.UTF8.GetBytes(text);
            var pieces = new List<byte[]>();
            for (var start = 0; start < bytes.Length;)
            {
                var length = Math.Min(1 + source.Next(4), bytes.Length - start);
                pieces.Add(bytes[start..(start + length)]);
                start += length;
            }

            AssertText(Expect(text, stops), stops, pieces);
        }

        static string RandomText(Random source, int length) =>
            string.Concat(Enumerable.Range(0, length).Select(_ => Letters[source.Next(Letters.Length)]));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { 0x61, 0xE4, 0xB8 }, "a\uFFFD")]
    [InlineData(new byte[] { 0xE4, 0xB8, 0x61 }, "\uFFFDa")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x91, 0x8B, 0xF0, 0x9F }, "👋\uFFFD")]
    [InlineData(new byte[] { 0xC0, 0xAF }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[0], "")]
    public void Bytes_that_are_no_characters_become_replacement_characters(byte[] bytes, string expected)
    {
        AssertText((expected, null), [], [bytes]);
        AssertText((expected, null), [], [.. bytes.Select(value => new[] { value })]);
    }

    [Fact]
    public void Too_many_bytes_of_stop_sequences_are_refused() => Assert.Throws<ArgumentException>(
        () => StopAutomaton.Create([new string('x', StopAutomaton.BytesMax), "y"]));

    [Fact]
    public void A_piece_longer_than_any_buffer_passes()
    {
        var text = string.Concat(Enumerable.Repeat("日本語", 1000));
        AssertText((text, null), ["nie"], [Encoding.UTF8.GetBytes(text)]);
    }

    private static void AssertText((string Text, string? Stop) expected, string[] stops, IEnumerable<byte[]> pieces)
    {
        var matcher = new StopMatcher(StopAutomaton.Create(stops));
        var text = new SequenceText();
        var taken = new StringBuilder();
        var matched = false;
        foreach (var piece in pieces)
        {
            matched = matcher.Read(piece);
            text.Append(piece, matcher.HeldBytes);
            var part = text.Take();
            taken.Append(part);
            // What was released can never be taken back.
            Assert.StartsWith(taken.ToString(), expected.Text, StringComparison.Ordinal);
            Assert.False(part.Length > 0 && char.IsHighSurrogate(part[^1]));
            if (matched)
            {
                break;
            }
        }

        Assert.Equal(expected.Stop is not null, matched);
        Assert.Equal(expected.Stop, matched ? text.FindStop(stops) : null);
        text.Finish(matched);
        taken.Append(text.Take());
        Assert.Equal(expected.Text, taken.ToString());
    }

    // The stop that ends first wins, of those the longest.
    private static (string Text, string? Stop) Expect(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var longest = stops.Where(stop => stop.Length > 0 && text[..end].EndsWith(stop, StringComparison.Ordinal))
                .MaxBy(stop => stop.Length);
            if (longest is not null)
            {
                return (text[..(end - longest.Length)], longest);
            }
        }

        return (text, null);
    }
}
