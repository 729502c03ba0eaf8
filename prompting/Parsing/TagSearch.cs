namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds marks in a text that is still growing.</summary>
internal static class TagSearch
{
    /// <summary>Finds the mark that begins first; the index is -1 and the mark empty when there is none.</summary>
    public static (int Index, string Tag) FindFirst(ReadOnlySpan<char> text, ReadOnlySpan<string> tags)
    {
        var (index, found) = (-1, string.Empty);
        foreach (var tag in tags)
        {
            var at = text.IndexOf(tag, StringComparison.Ordinal);
            if (at >= 0 && (index < 0 || at < index))
            {
                (index, found) = (at, tag);
            }
        }

        return (index, found);
    }

    /// <summary>Length of the longest end of the text that a further piece could complete to a mark.</summary>
    public static int HeldLength(ReadOnlySpan<char> text, ReadOnlySpan<string> tags)
    {
        var longest = 0;
        foreach (var tag in tags)
        {
            for (var length = Math.Min(tag.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(tag.AsSpan(0, length), StringComparison.Ordinal))
                {
                    longest = length;
                    break;
                }
            }
        }

        return longest;
    }

    /// <summary>Whether a further piece could complete the whole text to the mark.</summary>
    public static bool IsProperPrefix(ReadOnlySpan<char> text, string tag) =>
        text.Length < tag.Length && tag.AsSpan().StartsWith(text, StringComparison.Ordinal);
}
