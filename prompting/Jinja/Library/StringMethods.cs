using System.Collections.Frozen;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The methods of strings.</summary>
internal static class StringMethods
{
    public static FrozenDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>
    {
        ["upper"] = Mapped(text => text.ToUpperInvariant()),
        ["lower"] = Mapped(text => text.ToLowerInvariant()),
        ["casefold"] = Mapped(text => text.ToLowerInvariant()),
        ["title"] = Mapped(TextCase.Title),
        ["capitalize"] = Mapped(TextCase.Capitalize),
        ["swapcase"] = Mapped(TextCase.SwapCase),
        ["strip"] = (state, self, arguments) => Strip(state, self, arguments, start: true, end: true),
        ["lstrip"] = (state, self, arguments) => Strip(state, self, arguments, start: true, end: false),
        ["rstrip"] = (state, self, arguments) => Strip(state, self, arguments, start: false, end: true),
        ["split"] = (state, self, arguments) => Split(state, self, arguments, TextSplitting.Split),
        ["rsplit"] = (state, self, arguments) => Split(state, self, arguments, TextSplitting.SplitFromEnd),
        ["splitlines"] = SplitLines,
        ["partition"] = (state, self, arguments) => Partition(state, self, arguments, last: false),
        ["rpartition"] = (state, self, arguments) => Partition(state, self, arguments, last: true),
        ["startswith"] = (state, self, arguments) => HasEdge(state, self, arguments, atEnd: false),
        ["endswith"] = (state, self, arguments) => HasEdge(state, self, arguments, atEnd: true),
        ["removeprefix"] = (state, self, arguments) => RemoveEdge(state, self, arguments, atEnd: false),
        ["removesuffix"] = (state, self, arguments) => RemoveEdge(state, self, arguments, atEnd: true),
        ["find"] = (state, self, arguments) => JinjaValue.From(StringSearch.Find(state, self, arguments, last: false)),
        ["rfind"] = (state, self, arguments) => JinjaValue.From(StringSearch.Find(state, self, arguments, last: true)),
        ["index"] = (state, self, arguments) => StringSearch.Index(state, self, arguments, last: false),
        ["rindex"] = (state, self, arguments) => StringSearch.Index(state, self, arguments, last: true),
        ["count"] = StringSearch.Count,
        ["replace"] = StringSearch.Replace,
        ["join"] = JoinItems,
        ["format"] = (state, self, arguments) => new BraceFormat(state, self.AsString, arguments).Format(),
        ["zfill"] = ZeroFill,
        ["ljust"] = (state, self, arguments) => Justify(state, self, arguments, left: true),
        ["rjust"] = (state, self, arguments) => Justify(state, self, arguments, left: false),
        ["isdigit"] = Every(char.IsDigit),
        ["isdecimal"] = Every(char.IsDigit),
        ["isnumeric"] = Every(char.IsNumber),
        ["isalpha"] = Every(char.IsLetter),
        ["isalnum"] = Every(char.IsLetterOrDigit),
        ["isspace"] = Every(PythonSpace.IsSpace),
        ["islower"] = (_, self, _) => JinjaValue.From(TextCase.IsLower(self.AsString)),
        ["isupper"] = (_, self, _) => JinjaValue.From(TextCase.IsUpper(self.AsString)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Joins texts, counting the result before it is made.</summary>
    public static JinjaValue Join(RenderState state, string separator, IEnumerable<string> texts)
    {
        var parts = texts.ToArray();
        var separatorCount = Math.Max(parts.Length - 1L, 0);
        state.ChargeText(parts.Sum(part => (long)part.Length) + (separator.Length * separatorCount));
        return JinjaValue.From(string.Join(separator, parts));
    }

    private static JinjaValue JoinItems(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var items = Sequences.ItemsOf(state, arguments.Required(state, 0, "iterable"));
        return Join(state, self.AsString, items.Select(item => RequireText(state, item)));
    }

    private static string RequireText(RenderState state, JinjaValue item) => item.IsString
        ? item.AsString
        : throw state.Fail($"join needs strings, not {PythonText.TypeOf(item)}");

    private static Builtin Mapped(Func<string, string> map) => (state, self, _) =>
    {
        state.ChargeText(self.AsString.Length);
        return JinjaValue.From(map(self.AsString));
    };

    private static Builtin Every(Func<char, bool> holds) => (state, self, _) =>
    {
        state.ChargeScan(self.AsString.Length);
        return JinjaValue.From(self.AsString.Length > 0 && self.AsString.All(holds));
    };

    private static JinjaValue Strip(
        RenderState state, JinjaValue self, CallArguments arguments, bool start, bool end)
    {
        var text = self.AsString.AsSpan();
        state.ChargeScan(text.Length);
        if (arguments.Text(state, 0, "chars", null) is { } set)
        {
            // Every character may be compared with the whole set.
            state.Charge(set.Length > 16 ? (long)text.Length * set.Length >> 8 : 0);
            text = start ? TrimStart(text, set) : text;
            text = end ? TrimEnd(text, set) : text;
        }
        else
        {
            text = start ? PythonSpace.TrimStart(text) : text;
            text = end ? PythonSpace.TrimEnd(text) : text;
        }

        return text.Length == self.AsString.Length ? self : state.Text(text);
    }

    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text, string set)
    {
        while (!text.IsEmpty && Rune.DecodeFromUtf16(text, out var rune, out var length) is var status
            && Contains(set, rune, text[..length], status))
        {
            text = text[length..];
        }

        return text;
    }

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text, string set)
    {
        while (!text.IsEmpty && Rune.DecodeLastFromUtf16(text, out var rune, out var length) is var status
            && Contains(set, rune, text[^length..], status))
        {
            text = text[..^length];
        }

        return text;
    }

    private static bool Contains(
        string set, Rune rune, ReadOnlySpan<char> units, System.Buffers.OperationStatus status) =>
        status == System.Buffers.OperationStatus.Done && rune.IsBmp
            ? set.Contains((char)rune.Value)
            : set.AsSpan().IndexOf(units) >= 0;

    private static JinjaValue Split(
        RenderState state,
        JinjaValue self,
        CallArguments arguments,
        Func<RenderState, string, string?, long, List<JinjaValue>> split)
    {
        var separator = arguments.Text(state, 0, "sep", null);
        return separator is ""
            ? throw state.Fail("the separator is empty")
            : JinjaValue.From(split(state, self.AsString, separator, arguments.Integer(state, 1, "maxsplit", -1)));
    }

    private static JinjaValue SplitLines(RenderState state, JinjaValue self, CallArguments arguments)
    {
        state.ChargeText(self.AsString.Length);
        var lines = TextSplitting.Lines(state, self.AsString, arguments.Flag(0, "keepends"));
        return JinjaValue.From(lines.ConvertAll(JinjaValue.From));
    }

    private static JinjaValue Partition(RenderState state, JinjaValue self, CallArguments arguments, bool last)
    {
        var text = self.AsString;
        var separator = arguments.RequiredText(state, 0, "sep");
        if (separator.Length == 0)
        {
            throw state.Fail("the separator is empty");
        }

        state.ChargeSearch(text, separator);
        state.ChargeText(text.Length);
        var at = last
            ? text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
        {
            return last
                ? JinjaValue.TupleOf(JinjaValue.EmptyText, JinjaValue.EmptyText, self)
                : JinjaValue.TupleOf(self, JinjaValue.EmptyText, JinjaValue.EmptyText);
        }

        return JinjaValue.TupleOf(
            JinjaValue.From(text[..at]),
            JinjaValue.From(separator),
            JinjaValue.From(text[(at + separator.Length)..]));
    }

    private static JinjaValue HasEdge(RenderState state, JinjaValue self, CallArguments arguments, bool atEnd)
    {
        var sought = arguments.Required(state, 0, "prefix");
        IReadOnlyList<JinjaValue> candidates = sought.Kind == JinjaKind.Tuple ? sought.AsTuple : [sought];
        var from = arguments.Integer(state, 1, "start", 0);
        var text = from == 0 ? self : Slices.Take(state, self, from, null, 1);
        foreach (var candidate in candidates)
        {
            state.Step();
            var edge = candidate.IsString
                ? candidate.AsString
                : throw state.Fail($"expected a string or a tuple of strings, not {PythonText.TypeOf(candidate)}");
            state.ChargeScan(edge.Length);
            if (HasEdge(text.AsString, edge, atEnd))
            {
                return JinjaValue.True;
            }
        }

        return JinjaValue.False;
    }

    private static bool HasEdge(string text, string edge, bool atEnd) => atEnd
        ? text.EndsWith(edge, StringComparison.Ordinal)
        : text.StartsWith(edge, StringComparison.Ordinal);

    private static JinjaValue RemoveEdge(RenderState state, JinjaValue self, CallArguments arguments, bool atEnd)
    {
        var edge = arguments.RequiredText(state, 0, "prefix");
        var text = self.AsString;
        if (!HasEdge(text, edge, atEnd))
        {
            return self;
        }

        return state.Text(atEnd ? text.AsSpan(0, text.Length - edge.Length) : text.AsSpan(edge.Length));
    }

    private static JinjaValue ZeroFill(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var text = self.AsString;
        var missing = arguments.Integer(state, 0, "width", 0) - CodePoints.Count(text);
        if (missing <= 0)
        {
            return self;
        }

        state.ChargeText(missing + text.Length);
        var signLength = text is ['+' or '-', ..] ? 1 : 0;
        return JinjaValue.From(text.Insert(signLength, new string('0', (int)missing)));
    }

    private static JinjaValue Justify(RenderState state, JinjaValue self, CallArguments arguments, bool left)
    {
        var missing = arguments.Integer(state, 0, "width", 0) - CodePoints.Count(self.AsString);
        if (missing <= 0)
        {
            return self;
        }

        state.ChargeText(missing + self.AsString.Length);
        var padding = new string(arguments.Text(state, 1, "fillchar", " ") is [var fill] ? fill : ' ', (int)missing);
        return JinjaValue.From(left ? self.AsString + padding : padding + self.AsString);
    }
}
