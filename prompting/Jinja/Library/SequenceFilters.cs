using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Filters over the items of a value.</summary>
internal static class SequenceFilters
{
    public static Dictionary<string, Builtin> All { get; } = new(StringComparer.Ordinal)
    {
        ["length"] = (state, value, _) => JinjaValue.From(Sequences.Length(state, value)),
        ["count"] = (state, value, _) => JinjaValue.From(Sequences.Length(state, value)),
        ["list"] = (state, value, _) => JinjaValue.From(Sequences.Copy(state, value)),
        ["first"] = (state, value, _) => Sequences.ItemsOf(state, value) is [var item, ..] ? item : default,
        ["last"] = (state, value, _) => Sequences.ItemsOf(state, value) is [.., var item] ? item : default,
        ["join"] = Join,
        ["reverse"] = Reverse,
        ["items"] = (state, value, _) => Items(state, value),
        ["keys"] = (state, value, _) => JinjaValue.From(Sequences.Copy(state, RequireDict(state, value))),
        ["values"] = (state, value, _) => JinjaValue.From([.. RequireDict(state, value).AsDict.Values]),
        ["dictsort"] = SortEntries,
        ["sort"] = Sort,
        ["unique"] = Unique,
        ["min"] = (state, value, arguments) => Extreme(state, value, arguments, -1),
        ["max"] = (state, value, arguments) => Extreme(state, value, arguments, 1),
        ["sum"] = Sum,
        ["slice"] = Slice,
        ["batch"] = Batch,
        ["groupby"] = GroupBy,
    };

    /// <summary>The pairs of a dictionary; none for undefined.</summary>
    public static JinjaValue Items(RenderState state, JinjaValue value)
    {
        if (value.IsUndefined)
        {
            return JinjaValue.From(new List<JinjaValue>());
        }

        var dict = RequireDict(state, value).AsDict;
        state.Charge(dict.Count);
        return JinjaValue.From([.. dict.Entries.Select(entry => JinjaValue.TupleOf(entry.Key, entry.Value))]);
    }

    private static JinjaValue RequireDict(RenderState state, JinjaValue value) => value.Kind == JinjaKind.Dict
        ? value
        : throw state.Fail($"expected a mapping, not {PythonText.TypeOf(value)}");

    private static JinjaValue Join(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var separator = PythonText.Str(state, arguments.Get(0, "d", JinjaValue.EmptyText));
        var items = Attributes(state, Sequences.ItemsOf(state, value), arguments.Get(1, "attribute", JinjaValue.None));
        return StringMethods.Join(state, separator, items.Select(item => PythonText.Str(state, item)));
    }

    private static IReadOnlyList<JinjaValue> Attributes(
        RenderState state, IReadOnlyList<JinjaValue> items, JinjaValue attribute) =>
        attribute.Kind == JinjaKind.None ? items : [.. items.Select(item => Members.Path(state, item, attribute))];

    private static JinjaValue Reverse(RenderState state, JinjaValue value, CallArguments arguments)
    {
        if (value.IsString)
        {
            state.ChargeScan(value.AsString.Length);
            return state.Text(CodePoints.Reverse(value.AsString));
        }

        var items = Sequences.Copy(state, value);
        items.Reverse();
        return JinjaValue.From(items);
    }

    private static JinjaValue SortEntries(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var by = arguments.Text(state, 1, "by", "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw state.Fail("dictsort sorts by 'key' or by 'value'"),
        };
        var caseSensitive = arguments.Flag(0, "case_sensitive");
        var entries = Items(state, RequireDict(state, value)).AsList;
        return Sorted(state, entries, arguments.Flag(2, "reverse"), entry => [Fold(entry.AsTuple[by], caseSensitive)]);
    }

    private static JinjaValue Sort(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var caseSensitive = arguments.Flag(1, "case_sensitive");
        var attribute = arguments.Get(2, "attribute", JinjaValue.None);
        JinjaValue[] paths = attribute.IsString
            ? [.. attribute.AsString.Split(',').Select(JinjaValue.From)]
            : attribute.Kind == JinjaKind.None ? [] : [attribute];
        return Sorted(state, Sequences.Copy(state, value), arguments.Flag(0, "reverse"), item => paths.Length == 0
            ? [Fold(item, caseSensitive)]
            : [.. paths.Select(path => Fold(Members.Path(state, item, path), caseSensitive))]);
    }

    private static JinjaValue Sorted(
        RenderState state, List<JinjaValue> items, bool descending, Func<JinjaValue, JinjaValue[]> keys)
    {
        var keyed = items.ConvertAll(item => (Keys: JinjaValue.TupleOf(keys(item)), Item: item));
        StableSort.Sort(keyed, (x, y) => descending
            ? Comparison.Compare(state, y.Keys, x.Keys)
            : Comparison.Compare(state, x.Keys, y.Keys));
        return JinjaValue.From(keyed.ConvertAll(entry => entry.Item));
    }

    private static JinjaValue Fold(JinjaValue key, bool caseSensitive) =>
        key.IsString && !caseSensitive ? JinjaValue.From(key.AsString.ToLowerInvariant()) : key;

    private static JinjaValue Unique(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var caseSensitive = arguments.Flag(0, "case_sensitive");
        var attribute = arguments.Get(1, "attribute", JinjaValue.None);
        var seen = new HashSet<JinjaValue>(JinjaKeyComparer.Instance);
        List<JinjaValue> kept = [];
        foreach (var item in Sequences.ItemsOf(state, value))
        {
            var key = attribute.Kind == JinjaKind.None ? item : Members.Path(state, item, attribute);
            DictKeys.Require(state, key);
            if (seen.Add(Fold(key, caseSensitive)))
            {
                kept.Add(item);
            }
        }

        return JinjaValue.From(kept);
    }

    private static JinjaValue Extreme(RenderState state, JinjaValue value, CallArguments arguments, int sign)
    {
        var caseSensitive = arguments.Flag(0, "case_sensitive");
        var attribute = arguments.Get(1, "attribute", JinjaValue.None);
        JinjaValue best = default;
        JinjaValue bestKey = default;
        foreach (var item in Sequences.ItemsOf(state, value))
        {
            var path = attribute.Kind == JinjaKind.None ? item : Members.Path(state, item, attribute);
            var key = Fold(path, caseSensitive);
            if (bestKey.IsUndefined || Comparison.Compare(state, key, bestKey) * sign > 0)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best;
    }

    private static JinjaValue Sum(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var items = Attributes(state, Sequences.ItemsOf(state, value), arguments.Get(0, "attribute", JinjaValue.None));
        var sum = arguments.Get(1, "start", JinjaValue.From(0));
        foreach (var item in items)
        {
            sum = Arithmetic.Apply(state, ArithmeticOperator.Add, sum, item);
        }

        return sum;
    }

    private static JinjaValue Slice(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var items = Sequences.Copy(state, value);
        var count = arguments.Integer(state, 0, "slices", 0);
        if (count <= 0)
        {
            throw state.Fail("the number of slices must be positive");
        }

        state.Charge(count);
        List<JinjaValue> slices = [];
        var (size, longer) = ((int)(items.Count / count), items.Count % count);
        for (var (i, at) = (0, 0); i < count; i++)
        {
            var taken = size + (i < longer ? 1 : 0);
            List<JinjaValue> slice = items.GetRange(at, taken);
            at += taken;
            if (i >= longer && arguments.TryGet(1, "fill_with", out var filler) && longer > 0)
            {
                slice.Add(filler);
            }

            slices.Add(JinjaValue.From(slice));
        }

        return JinjaValue.From(slices);
    }

    private static JinjaValue Batch(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var size = arguments.Integer(state, 0, "linecount", 0);
        if (size <= 0)
        {
            throw state.Fail("the size of a batch must be positive");
        }

        var chunks = Sequences.Copy(state, value).Chunk((int)Math.Min(size, int.MaxValue));
        var filled = chunks.Select(chunk => chunk.ToList()).ToList();
        if (filled is [.., var last] && arguments.TryGet(1, "fill_with", out var filler))
        {
            state.Charge(size - last.Count);
            last.AddRange(Enumerable.Repeat(filler, (int)(size - last.Count)));
        }

        return JinjaValue.From(filled.ConvertAll(JinjaValue.From));
    }

    private static JinjaValue GroupBy(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var attribute = arguments.Required(state, 0, "attribute");
        var otherwise = arguments.Get(1, "default", default);
        var caseSensitive = arguments.Flag(2, "case_sensitive");
        JinjaValue KeyOf(JinjaValue item) =>
            Members.Path(state, item, attribute) is { IsUndefined: false } key ? key : otherwise;

        var sorted = Sorted(
            state, Sequences.Copy(state, value), false, item => [Fold(KeyOf(item), caseSensitive)]).AsList;
        List<JinjaValue> groups = [];
        List<JinjaValue> members = [];
        JinjaValue current = default;
        foreach (var item in sorted)
        {
            var key = KeyOf(item);
            if (members.Count == 0
                || !Comparison.AreEqual(state, Fold(current, caseSensitive), Fold(key, caseSensitive)))
            {
                members = [];
                current = key;
                groups.Add(JinjaValue.TupleOf(key, JinjaValue.From(members)));
            }

            members.Add(item);
        }

        return JinjaValue.From(groups);
    }
}
