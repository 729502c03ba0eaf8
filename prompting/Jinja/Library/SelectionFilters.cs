using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Filters that apply another filter or a test to each item.</summary>
internal static class SelectionFilters
{
    public static Dictionary<string, Builtin> All { get; } = new(StringComparer.Ordinal)
    {
        ["map"] = Map,
        ["select"] = (state, value, arguments) => Select(state, value, arguments, byAttribute: false, keep: true),
        ["reject"] = (state, value, arguments) => Select(state, value, arguments, byAttribute: false, keep: false),
        ["selectattr"] = (state, value, arguments) => Select(state, value, arguments, byAttribute: true, keep: true),
        ["rejectattr"] = (state, value, arguments) => Select(state, value, arguments, byAttribute: true, keep: false),
    };

    private static JinjaValue Map(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var items = ItemsOrNone(state, value);
        var mapped = new List<JinjaValue>(items.Count);
        if (arguments.Positional.Length == 0)
        {
            var attribute = arguments.Required(state, -1, "attribute");
            var otherwise = arguments.Get(-1, "default", default);
            foreach (var item in items)
            {
                var member = Members.Path(state, item, attribute);
                mapped.Add(member.IsUndefined && !otherwise.IsUndefined ? otherwise : member);
            }

            return JinjaValue.From(mapped);
        }

        var name = arguments.RequiredText(state, 0, "filter");
        var filter = Filters.Find(name) ?? throw state.Fail($"no filter is named '{name}'");
        var rest = arguments.Skip(1);
        foreach (var item in items)
        {
            state.Step();
            state.EnsureStack();
            mapped.Add(filter(state, item, rest));
        }

        return JinjaValue.From(mapped);
    }

    private static JinjaValue Select(
        RenderState state, JinjaValue value, CallArguments arguments, bool byAttribute, bool keep)
    {
        var attribute = byAttribute ? arguments.Required(state, 0, "attribute") : default;
        var rest = arguments.Skip(byAttribute ? 1 : 0);
        Builtin? test = null;
        if (rest.Positional.Length > 0)
        {
            var name = rest.RequiredText(state, 0, "test");
            test = Tests.Find(name) ?? throw state.Fail($"no test is named '{name}'");
            rest = rest.Skip(1);
        }

        List<JinjaValue> kept = [];
        foreach (var item in ItemsOrNone(state, value))
        {
            state.Step();
            var tested = byAttribute ? Members.Path(state, item, attribute) : item;
            var holds = test is null ? tested.IsTrue : test(state, tested, rest).IsTrue;
            if (holds == keep)
            {
                kept.Add(item);
            }
        }

        return JinjaValue.From(kept);
    }

    /// <summary>These filters, unlike others, accept everything that is false as an empty sequence.</summary>
    private static IReadOnlyList<JinjaValue> ItemsOrNone(RenderState state, JinjaValue value) =>
        value.IsTrue ? Sequences.ItemsOf(state, value) : [];
}
