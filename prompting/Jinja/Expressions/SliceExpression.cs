using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A part of a text, list or tuple: <c>[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(
    SourcePosition position, IExpression target, IExpression? start, IExpression? stop, IExpression? step)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, target, start, stop, step);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var value = target.Evaluate(state);
        var from = Bound(state, start);
        var to = Bound(state, stop);
        var by = Bound(state, step) ?? 1;
        state.At = position;
        return Slices.Take(state, value, from, to, by);
    }

    private long? Bound(RenderState state, IExpression? bound)
    {
        var value = bound?.Evaluate(state) ?? JinjaValue.None;
        if (value.Kind == JinjaKind.None)
        {
            return null;
        }

        state.At = position;
        return value.TryGetInteger(out var integer)
            ? integer
            : throw state.Fail($"slice bounds must be integers, not {PythonText.TypeOf(value)}");
    }
}
