using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A chain of comparisons, all of which must hold: <c>1 &lt; x &lt;= 5</c>.</summary>
internal sealed class ComparisonExpression(
    SourcePosition position, IExpression first, List<ComparisonOperand> operands)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [first, .. operands.Select(operand => operand.Value)]);

    public JinjaValue Evaluate(RenderState state)
    {
        var left = first.Evaluate(state);
        foreach (var operand in operands)
        {
            state.Step();
            var right = operand.Value.Evaluate(state);
            state.At = operand.Position;
            if (!Holds(state, operand.Relation, left, right))
            {
                return JinjaValue.False;
            }

            left = right;
        }

        return JinjaValue.True;
    }

    private static bool Holds(RenderState state, Relation relation, JinjaValue left, JinjaValue right) =>
        relation switch
        {
            Relation.Equal => Comparison.AreEqual(state, left, right),
            Relation.NotEqual => !Comparison.AreEqual(state, left, right),
            Relation.In => Comparison.IsIn(state, left, right),
            Relation.NotIn => !Comparison.IsIn(state, left, right),
            Relation.Less => Comparison.Holds(state, "<", left, right),
            Relation.LessOrEqual => Comparison.Holds(state, "<=", left, right),
            Relation.Greater => Comparison.Holds(state, ">", left, right),
            _ => Comparison.Holds(state, ">=", left, right),
        };
}
