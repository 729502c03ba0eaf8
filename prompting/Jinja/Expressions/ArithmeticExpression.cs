using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>An arithmetic operator; <c>+</c> and <c>*</c> also join and repeat texts and lists.</summary>
internal sealed class ArithmeticExpression(
    SourcePosition position, ArithmeticOperator operation, IExpression left, IExpression right)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, left, right);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var leftValue = left.Evaluate(state);
        var rightValue = right.Evaluate(state);
        state.At = position;
        return Arithmetic.Apply(state, operation, leftValue, rightValue);
    }
}
