using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The methods of strings that look for another string.</summary>
internal static class StringSearch
{
    /// <summary>The index of a text within the bounds given, in code points; -1 when it is not there.</summary>
    public static long Find(RenderState state, JinjaValue self, CallArguments arguments, bool last)
    {
        var text = self.AsString;
        var sought = arguments.RequiredText(state, 0, "sub");
        state.ChargeSearch(text, sought);
        var count = CodePoints.Count(text);
        var from = Bound(arguments.Integer(state, 1, "start", 0), count);
        var to = Bound(arguments.Integer(state, 2, "end", count), count);
        if (from > to)
        {
            return -1;
        }

        var start = CodePoints.OffsetOf(text, from);
        var part = text.AsSpan(start, CodePoints.OffsetOf(text, to) - start);
        var at = last
            ? part.LastIndexOf(sought, StringComparison.Ordinal)
            : part.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : CodePoints.IndexOf(text, start + at);
    }

    public static JinjaValue Index(RenderState state, JinjaValue self, CallArguments arguments, bool last)
    {
        var index = Find(state, self, arguments, last);
        return index >= 0 ? JinjaValue.From(index) : throw state.Fail("the substring was not found");
    }

    public static JinjaValue Count(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var sought = arguments.RequiredText(state, 0, "sub");
        state.ChargeSearch(self.AsString, sought);
        var count = sought.Length == 0
            ? CodePoints.Count(self.AsString) + 1L
            : Occurrences(self.AsString, sought, long.MaxValue);
        return JinjaValue.From(count);
    }

    public static JinjaValue Replace(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var text = self.AsString;
        var sought = arguments.RequiredText(state, 0, "old");
        var replacement = arguments.RequiredText(state, 1, "new");
        var limit = arguments.Integer(state, 2, "count", -1);
        limit = limit < 0 ? long.MaxValue : limit;
        state.ChargeSearch(text, sought);
        if (sought.Length == 0)
        {
            return Interleave(state, text, replacement, limit);
        }

        var count = Occurrences(text, sought, limit);
        if (count == 0)
        {
            return self;
        }

        state.ChargeText(text.Length + (count * ((long)replacement.Length - sought.Length)));
        if (limit == long.MaxValue)
        {
            return JinjaValue.From(text.Replace(sought, replacement, StringComparison.Ordinal));
        }

        var parts = new List<string>();
        var start = 0;
        for (var i = 0L; i < count; i++)
        {
            var at = text.IndexOf(sought, start, StringComparison.Ordinal);
            parts.Add(text[start..at]);
            start = at + sought.Length;
        }

        parts.Add(text[start..]);
        return JinjaValue.From(string.Join(replacement, parts));
    }

    private static long Bound(long index, long count) =>
        index < 0 ? Math.Max(index + count, 0) : Math.Min(index, count);

    private static long Occurrences(string text, string sought, long limit)
    {
        var count = 0L;
        for (var at = 0; count < limit; count++)
        {
            at = text.IndexOf(sought, at, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            at += sought.Length;
        }

        return count;
    }

    /// <summary>What replacing the empty text does: the replacement before each character and at the end.</summary>
    private static JinjaValue Interleave(RenderState state, string text, string replacement, long limit)
    {
        state.Charge(text.Length);
        var characters = CodePoints.Characters(text).ConvertAll(character => character.AsString);
        var count = (int)Math.Min(limit, characters.Count + 1L);
        state.ChargeText(text.Length + ((long)count * replacement.Length));
        for (var i = 0; i < Math.Min(count, characters.Count); i++)
        {
            characters[i] = replacement + characters[i];
        }

        var end = count > characters.Count ? replacement : string.Empty;
        return JinjaValue.From(string.Concat(characters) + end);
    }
}
