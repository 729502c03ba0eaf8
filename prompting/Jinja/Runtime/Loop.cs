using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>The variable <c>loop</c> of a running loop; calling it runs a recursive loop over other items.</summary>
internal sealed class Loop(
    IReadOnlyList<JinjaValue> items, int depth, Func<RenderState, JinjaValue, JinjaValue>? recurse)
    : IJinjaCallable
{
    private JinjaValue[]? _lastSeen;

    public string TypeName => "LoopContext";

    public string Display => $"<LoopContext {Index + 1}/{items.Count}>";

    /// <summary>The current round, from 0.</summary>
    public int Index { get; set; }

    /// <summary>
    /// Reads a member. The items are asked each time: a body may append to their list or take from it.
    /// </summary>
    public bool TryGetMember(string name, out JinjaValue value)
    {
        value = name switch
        {
            "index" => JinjaValue.From(Index + 1L),
            "index0" => JinjaValue.From((long)Index),
            "revindex" => JinjaValue.From((long)items.Count - Index),
            "revindex0" => JinjaValue.From((long)items.Count - Index - 1),
            "first" => JinjaValue.From(Index == 0),
            "last" => JinjaValue.From(Index + 1 >= items.Count),
            "length" => JinjaValue.From((long)items.Count),
            "depth" => JinjaValue.From(depth + 1L),
            "depth0" => JinjaValue.From((long)depth),
            "previtem" => Index > 0 && Index <= items.Count ? items[Index - 1] : JinjaValue.Undefined(name),
            "nextitem" => Index + 1 < items.Count ? items[Index + 1] : JinjaValue.Undefined(name),
            "cycle" => JinjaValue.FromObject(new FunctionObject(name, Cycle, default)),
            "changed" => JinjaValue.FromObject(new FunctionObject(name, Changed, default)),
            _ => default,
        };
        return !value.IsUndefined;
    }

    public JinjaValue Call(RenderState state, CallArguments arguments) => recurse is null
        ? throw state.Fail("the loop is not marked 'recursive'")
        : recurse(state, arguments.Required(state, 0, "iterable"));

    private JinjaValue Cycle(RenderState state, JinjaValue self, CallArguments arguments) =>
        arguments.Positional.Length == 0
            ? throw state.Fail("cycle needs at least one item")
            : arguments.Positional[Index % arguments.Positional.Length];

    private JinjaValue Changed(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var seen = _lastSeen;
        _lastSeen = arguments.Positional;
        return JinjaValue.From(seen is null
            || !Comparison.AreEqual(state, JinjaValue.TupleOf(seen), JinjaValue.TupleOf(_lastSeen)));
    }
}
