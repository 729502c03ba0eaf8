using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>A loop. What its body assigns is forgotten after each round.</summary>
internal sealed record ForStatement : IStatement
{
    public required ITarget Target { get; init; }

    public required IExpression Items { get; init; }

    /// <summary>The condition after the items; null for all of them.</summary>
    public IExpression? Filter { get; init; }

    public required IStatement Body { get; init; }

    /// <summary>What is rendered when there was no round.</summary>
    public required IStatement Otherwise { get; init; }

    public bool IsRecursive { get; init; }

    /// <summary>The number of the name <c>loop</c>; null when the body does not read it.</summary>
    public int? LoopName { get; init; }

    public Flow Execute(RenderState state)
    {
        var items = Items.Evaluate(state);
        state.At = Items.Position;
        return Run(state, items, state.Scope, depth: 0);
    }

    private Flow Run(RenderState state, JinjaValue iterated, Scope? enclosing, int depth)
    {
        var items = Sequences.ItemsOf(state, iterated);
        var caller = state.Scope;
        state.Scope = new Scope(enclosing);
        if (Filter is not null)
        {
            items = Filtered(state, items);
        }

        var loop = LoopName is null ? null : new Loop(items, depth, IsRecursive ? Recurse(enclosing, depth) : null);

        // The count is asked for in each round: a body may append to the list or take from it.
        var isEmpty = items.Count == 0;
        for (var index = 0; index < items.Count; index++)
        {
            state.Step();
            state.Scope.Clear();
            Target.Assign(state, items[index]);
            if (loop is not null)
            {
                loop.Index = index;
                state.Scope.Set(LoopName!.Value, JinjaValue.FromObject(loop));
            }

            if (Body.Execute(state) == Flow.Break)
            {
                break;
            }
        }

        var flow = Flow.Next;
        if (isEmpty)
        {
            state.Scope.Clear();
            flow = Otherwise.Execute(state);
        }

        state.Scope = caller;
        return flow;
    }

    private List<JinjaValue> Filtered(RenderState state, IReadOnlyList<JinjaValue> items)
    {
        List<JinjaValue> kept = [];
        foreach (var item in items)
        {
            state.Step();
            state.Scope!.Clear();
            Target.Assign(state, item);
            if (Filter!.Evaluate(state).IsTrue)
            {
                kept.Add(item);
            }
        }

        return kept;
    }

    private Func<RenderState, JinjaValue, JinjaValue> Recurse(Scope? enclosing, int depth) => (state, items) =>
    {
        state.EnterCall();
        var position = state.At;
        var outer = state.BeginCapture();
        Run(state, items, enclosing, depth + 1);
        state.LeaveCall();
        state.At = position;
        return state.EndCapture(outer);
    };
}
