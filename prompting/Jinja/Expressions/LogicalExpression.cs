using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary><c>and</c> and <c>or</c>: the value of the operand that decided, as in Python.</summary>
internal sealed class LogicalExpression(SourcePosition position, bool isAnd, IExpression left, IExpression right)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, left, right);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var value = left.Evaluate(state);
        return value.IsTrue == isAnd ? right.Evaluate(state) : value;
    }
}
