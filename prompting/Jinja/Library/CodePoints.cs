using System.Text;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>
/// Texts as sequences of code points, which is how Python counts. Texts without surrogates, nearly all, take the
/// short way.
/// </summary>
internal static class CodePoints
{
    public static bool AreSingleUnits(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    public static int Count(string text)
    {
        if (AreSingleUnits(text))
        {
            return text.Length;
        }

        var count = 0;
        for (var at = 0; at < text.Length; at += UnitsAt(text, at))
        {
            count++;
        }

        return count;
    }

    /// <summary>The characters, each as a text.</summary>
    public static List<JinjaValue> Characters(string text)
    {
        var characters = new List<JinjaValue>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = UnitsAt(text, at);
            characters.Add(JinjaValue.From(text.Substring(at, length)));
            at += length;
        }

        return characters;
    }

    /// <summary>The offset of the code point of an index, which may be the end of the text.</summary>
    public static int OffsetOf(string text, long index)
    {
        if (AreSingleUnits(text))
        {
            return (int)Math.Min(index, text.Length);
        }

        var at = 0;
        for (; index > 0 && at < text.Length; index--)
        {
            at += UnitsAt(text, at);
        }

        return at;
    }

    /// <summary>The index of the code point at an offset.</summary>
    public static int IndexOf(string text, int offset) => offset <= 0 ? offset : Count(text[..offset]);

    public static string Reverse(string text)
    {
        if (AreSingleUnits(text))
        {
            return string.Create(text.Length, text, (reversed, source) =>
            {
                source.CopyTo(reversed);
                reversed.Reverse();
            });
        }

        var builder = new StringBuilder(text.Length);
        for (var at = text.Length; at > 0;)
        {
            var length = at > 1 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? 2 : 1;
            builder.Append(text, at - length, length);
            at -= length;
        }

        return builder.ToString();
    }

    private static int UnitsAt(string text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
