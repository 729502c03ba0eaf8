using System.Text;

namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>Turns bytes of a Modelfile into text.</summary>
internal static class ModelfileText
{
    /// <summary>Reads UTF-8, or what a byte order mark says.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes[3..]),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
        _ => Encoding.UTF8.GetString(bytes),
    };

    /// <summary>Removes what cannot be seen: outside quotes it is taken for an accident.</summary>
    public static string Visible(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (GoText.IsPrintable(rune))
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString();
    }
}
