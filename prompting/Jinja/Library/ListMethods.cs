using System.Collections.Frozen;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The methods of lists and tuples.</summary>
internal static class ListMethods
{
    public static FrozenDictionary<string, Builtin> OfTuples { get; } = new Dictionary<string, Builtin>
    {
        ["index"] = Index,
        ["count"] = Count,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static FrozenDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>(OfTuples)
    {
        ["append"] = Append,
        ["extend"] = Extend,
        ["insert"] = Insert,
        ["pop"] = Pop,
        ["remove"] = Remove,
        ["reverse"] = Reverse,
        ["sort"] = Sort,
        ["clear"] = Clear,
        ["copy"] = (state, self, _) => JinjaValue.From(Sequences.Copy(state, self)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static JinjaValue Append(RenderState state, JinjaValue self, CallArguments arguments)
    {
        self.AsList.Add(arguments.Required(state, 0, "object"));
        return JinjaValue.None;
    }

    private static JinjaValue Extend(RenderState state, JinjaValue self, CallArguments arguments)
    {
        // A copy, because a list may extend itself.
        self.AsList.AddRange(Sequences.Copy(state, arguments.Required(state, 0, "iterable")));
        return JinjaValue.None;
    }

    private static JinjaValue Insert(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var index = arguments.Integer(state, 0, "index", 0);
        var count = self.AsList.Count;
        ChargeMove(state, count);
        index = index < 0 ? Math.Max(index + count, 0) : Math.Min(index, count);
        self.AsList.Insert((int)index, arguments.Required(state, 1, "object"));
        return JinjaValue.None;
    }

    private static JinjaValue Pop(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var index = arguments.Integer(state, 0, "index", -1);
        var count = self.AsList.Count;
        index += index < 0 ? count : 0;
        if (index < 0 || index >= count)
        {
            throw state.Fail("pop from an empty list, or beyond its end");
        }

        ChargeMove(state, count - index);
        var item = self.AsList[(int)index];
        self.AsList.RemoveAt((int)index);
        return item;
    }

    private static JinjaValue Remove(RenderState state, JinjaValue self, CallArguments arguments)
    {
        self.AsList.RemoveAt((int)Index(state, self, arguments).AsInteger);
        return JinjaValue.None;
    }

    private static JinjaValue Index(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var sought = arguments.Required(state, 0, "value");
        for (var i = 0; i < self.Items.Length; i++)
        {
            if (Comparison.AreEqual(state, self.Items[i], sought))
            {
                return JinjaValue.From((long)i);
            }
        }

        throw state.Fail($"{PythonText.Repr(state, sought)} is not in the {self.TypeName}");
    }

    private static JinjaValue Count(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var sought = arguments.Required(state, 0, "value");
        var count = 0L;
        foreach (var item in self.Items)
        {
            count += Comparison.AreEqual(state, item, sought) ? 1 : 0;
        }

        return JinjaValue.From(count);
    }

    private static JinjaValue Reverse(RenderState state, JinjaValue self, CallArguments arguments)
    {
        state.Charge(self.AsList.Count);
        self.AsList.Reverse();
        return JinjaValue.None;
    }

    private static JinjaValue Sort(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var descending = arguments.Flag(-1, "reverse");
        StableSort.Sort(self.AsList, (x, y) => descending
            ? Comparison.Compare(state, y, x)
            : Comparison.Compare(state, x, y));
        return JinjaValue.None;
    }

    private static JinjaValue Clear(RenderState state, JinjaValue self, CallArguments arguments)
    {
        self.AsList.Clear();
        return JinjaValue.None;
    }

    private static void ChargeMove(RenderState state, long count) => state.Charge(count >> 4);
}
