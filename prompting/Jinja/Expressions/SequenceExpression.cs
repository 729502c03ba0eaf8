using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A list or tuple written out.</summary>
internal sealed class SequenceExpression(SourcePosition position, List<IExpression> items, bool isTuple) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [.. items]);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Charge(items.Count + 1);
        var values = new JinjaValue[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = items[i].Evaluate(state);
        }

        return isTuple ? JinjaValue.TupleOf(values) : JinjaValue.From([.. values]);
    }
}
