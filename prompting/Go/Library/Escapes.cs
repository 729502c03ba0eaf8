using System.Text;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Texts made safe for other languages.</summary>
internal static class Escapes
{
    public static string Html(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\0' => escaped.Append('\uFFFD'),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    public static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\\' or '\'' or '"')
            {
                escaped.Append('\\').Append((char)rune.Value);
            }
            else if (rune.Value is < ' ' or '<' or '>' or '&' or '=' || !GoText.IsPrintable(rune))
            {
                escaped.Append($"\\u{rune.Value:X4}");
            }
            else
            {
                escaped.Append(rune);
            }
        }

        return escaped.ToString();
    }

    public static string UrlQuery(string text) =>
        Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
