using System.Text;
using Ollama.Platform.Inference.Sampling.Grammars;

namespace Ollama.Platform.UnitTests.Inference.Grammars;

/// <summary>Short words for grammars and texts in tests.</summary>
internal static class Texts
{
    public static GrammarMatcher Matcher(string grammar, GrammarStart? start = null) =>
        new(new GrammarAutomaton(GrammarNetwork.Compile(grammar, start)));

    /// <summary>Whether a text is whole by a grammar, read in one piece.</summary>
    public static bool Matches(string grammar, string text) => Matches(Matcher(grammar), Encoding.UTF8.GetBytes(text));

    /// <summary>Whether bytes are whole from the beginning.</summary>
    public static bool Matches(GrammarMatcher matcher, ReadOnlySpan<byte> bytes)
    {
        matcher.Reset();
        return matcher.Accept(bytes) && matcher.IsComplete;
    }

    /// <summary>A text that a walk through the grammar writes, with a seed.</summary>
    public static byte[]? Write(GrammarMatcher matcher, Random random, int lengthMax)
    {
        matcher.Reset();
        List<byte> written = [];
        var choices = new byte[256];
        while (written.Count < lengthMax)
        {
            var count = 0;
            for (var value = 0; value < 256; value++)
            {
                if (matcher.Allows([(byte)value]))
                {
                    choices[count++] = (byte)value;
                }
            }

            // The longer the text, the more it wants to end: quotation marks and brackets close first.
            if (matcher.IsComplete && (count == 0 || random.Next(4) == 0))
            {
                return [.. written];
            }

            var closing = choices.AsSpan(0, count).IndexOfAny("\"]}"u8);
            var choice = closing >= 0 && random.Next(lengthMax) < written.Count * 2
                ? choices[closing]
                : choices[random.Next(count)];
            Assert.True(matcher.Accept([choice]));
            written.Add(choice);
        }

        return matcher.IsComplete ? [.. written] : null;
    }
}
