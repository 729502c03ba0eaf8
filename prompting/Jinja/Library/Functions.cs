using System.Collections.Frozen;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The functions every template can call. A variable of the same name replaces one.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, JinjaValue> All = new Dictionary<string, Builtin>
    {
        ["namespace"] = Namespace,
        ["raise_exception"] = (state, _, arguments) =>
            throw state.Fail(PythonText.Str(state, arguments.Get(0, "message", JinjaValue.EmptyText))),
        ["strftime_now"] = (state, _, arguments) =>
            state.Text(TimeFormat.Apply(state, state.Now, arguments.RequiredText(state, 0, "format"))),
        ["range"] = Range,
        ["dict"] = Dict,
        ["joiner"] = (state, _, arguments) =>
            JinjaValue.FromObject(new Joiner(arguments.Get(0, "sep", JinjaValue.From(", ")))),
        ["cycler"] = (state, _, arguments) => arguments.Positional.Length == 0
            ? throw state.Fail("a cycler needs at least one item")
            : JinjaValue.FromObject(new Cycler(arguments.Positional)),
    }.ToFrozenDictionary(
        function => function.Key,
        function => JinjaValue.FromObject(new FunctionObject(function.Key, function.Value, default)),
        StringComparer.Ordinal);

    /// <summary>The function of a name; undefined when there is none.</summary>
    public static JinjaValue Find(string name) => All.GetValueOrDefault(name);

    private static JinjaValue Namespace(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var created = new NamespaceObject();
        Fill(state, created.Members, arguments);
        return JinjaValue.FromObject(created);
    }

    private static JinjaValue Dict(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var dict = new JinjaDict();
        Fill(state, dict, arguments);
        return JinjaValue.From(dict);
    }

    private static void Fill(RenderState state, JinjaDict dict, CallArguments arguments)
    {
        if (arguments.Positional is [var source, ..])
        {
            DictMethods.AddAll(state, dict, source);
        }

        foreach (var (name, value) in arguments.Named)
        {
            dict.Set(name, value);
        }
    }

    private static JinjaValue Range(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var bounds = arguments.Positional;
        if (bounds.Length is 0 or > 3)
        {
            throw state.Fail("range takes one to three integers");
        }

        var start = bounds.Length == 1 ? 0 : arguments.Integer(state, 0, "start", 0);
        var stop = arguments.Integer(state, bounds.Length == 1 ? 0 : 1, "stop", 0);
        var step = arguments.Integer(state, 2, "step", 1);
        if (step == 0)
        {
            throw state.Fail("the step of a range cannot be zero");
        }

        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var stride = Int128.Abs(step);
        var count = distance <= 0 ? 0 : (distance + stride - 1) / stride;
        state.Charge(count > long.MaxValue ? long.MaxValue : (long)count);
        var items = new List<JinjaValue>((int)count);
        for (var i = 0L; i < (long)count; i++)
        {
            items.Add(JinjaValue.From(start + (i * step)));
        }

        return JinjaValue.From(items);
    }
}
