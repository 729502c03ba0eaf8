using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Splits text as Python's string methods do.</summary>
internal static class TextSplitting
{
    /// <summary>Splits at a separator, or at runs of whitespace when it is null; a negative limit means none.</summary>
    public static List<JinjaValue> Split(RenderState state, string text, string? separator, long limit)
    {
        List<JinjaValue> parts = [];
        var start = separator is null ? PythonSpace.Skip(text, 0) : 0;
        state.ChargeText(text.Length);
        state.ChargeSearch(text, separator ?? string.Empty);
        while (separator is not null || start < text.Length)
        {
            state.Step();
            var isRest = limit >= 0 && parts.Count >= limit;
            var end = isRest ? -1 : Find(text, separator, start);
            if (end < 0)
            {
                parts.Add(JinjaValue.From(separator is null && !isRest ? LastWord(text, start) : text[start..]));
                break;
            }

            parts.Add(JinjaValue.From(text[start..end]));
            start = separator is null ? PythonSpace.Skip(text, end) : end + separator.Length;
        }

        return parts;
    }

    /// <summary>Splits from the end; differs from <see cref="Split"/> only when a limit leaves a rest.</summary>
    public static List<JinjaValue> SplitFromEnd(RenderState state, string text, string? separator, long limit)
    {
        if (limit < 0)
        {
            return Split(state, text, separator, limit);
        }

        List<JinjaValue> parts = [];
        var end = separator is null ? PythonSpace.TrimEnd(text).Length : text.Length;
        state.ChargeText(text.Length);
        state.ChargeSearch(text, separator ?? string.Empty);
        while (separator is not null || end > 0)
        {
            state.Step();
            var (head, start) = parts.Count >= limit ? (-1, 0) : FindLast(text, separator, end);
            if (head < 0)
            {
                var rest = text.AsSpan(0, end);
                rest = separator is null && parts.Count < limit ? PythonSpace.TrimStart(rest) : rest;
                parts.Add(JinjaValue.From(rest.ToString()));
                break;
            }

            parts.Add(JinjaValue.From(text[start..end]));
            end = separator is null ? PythonSpace.TrimEnd(text.AsSpan(0, head)).Length : head;
        }

        parts.Reverse();
        return parts;
    }

    /// <summary>The lines of a text, which may end in any of Python's line boundaries.</summary>
    public static List<string> Lines(RenderState state, string text, bool keepEnds)
    {
        List<string> lines = [];
        for (var start = 0; start < text.Length;)
        {
            state.Step();
            var end = start;
            while (end < text.Length && !IsLineEnd(text[end]))
            {
                end++;
            }

            var next = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
            next = Math.Min(next, text.Length);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    private static bool IsLineEnd(char character) =>
        character is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';

    private static int Find(string text, string? separator, int start)
    {
        if (separator is not null)
        {
            return text.IndexOf(separator, start, StringComparison.Ordinal);
        }

        for (var i = start; i < text.Length; i++)
        {
            if (PythonSpace.IsSpace(text[i]))
            {
                return PythonSpace.Skip(text, i) == text.Length ? -1 : i;
            }
        }

        return -1;
    }

    private static string LastWord(string text, int start) => PythonSpace.TrimEnd(text.AsSpan(start)).ToString();

    /// <summary>The last separator before an end, and where the part behind it starts.</summary>
    private static (int Head, int Start) FindLast(string text, string? separator, int end)
    {
        if (separator is not null)
        {
            var head = text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal);
            return (head, head + separator.Length);
        }

        for (var i = end - 1; i >= 0; i--)
        {
            if (PythonSpace.IsSpace(text[i]))
            {
                return PythonSpace.TrimEnd(text.AsSpan(0, i)).IsEmpty ? (-1, 0) : (i, i + 1);
            }
        }

        return (-1, 0);
    }
}
