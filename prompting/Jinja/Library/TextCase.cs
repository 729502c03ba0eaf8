using System.Text;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Upper and lower case, as Python's string methods change and judge it.</summary>
internal static class TextCase
{
    /// <summary>Python's <c>title()</c>: a capital after everything that is not a letter.</summary>
    public static string Title(string text)
    {
        var afterLetter = false;
        return Map(text, character =>
        {
            var mapped = afterLetter ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character);
            afterLetter = char.IsLetter(character);
            return mapped;
        });
    }

    /// <summary>Jinja's <c>title</c> filter: a capital after spaces, hyphens and opening brackets only.</summary>
    public static string TitleFilter(string text)
    {
        var startsWord = true;
        return Map(text, character =>
        {
            var mapped = startsWord ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character);
            startsWord = PythonSpace.IsSpace(character) || character is '-' or '(' or '{' or '[' or '<';
            return mapped;
        });
    }

    public static string Capitalize(string text)
    {
        var first = true;
        return Map(text, character =>
        {
            var mapped = first ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character);
            first = false;
            return mapped;
        });
    }

    public static string SwapCase(string text) => Map(text, character =>
        char.IsUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character));

    /// <summary>Whether there are letters with case and all are small.</summary>
    public static bool IsLower(string text) => text.Any(char.IsLower) && !text.Any(char.IsUpper);

    /// <summary>Whether there are letters with case and all are capitals.</summary>
    public static bool IsUpper(string text) => text.Any(char.IsUpper) && !text.Any(char.IsLower);

    private static string Map(string text, Func<char, char> map)
    {
        var mapped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            mapped.Append(map(character));
        }

        return mapped.ToString();
    }
}
