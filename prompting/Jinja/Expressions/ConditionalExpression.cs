using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary><c>value if condition else otherwise</c>; undefined without an else.</summary>
internal sealed class ConditionalExpression(
    SourcePosition position, IExpression condition, IExpression value, IExpression? otherwise)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, condition, value, otherwise);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        return condition.Evaluate(state).IsTrue ? value.Evaluate(state) : otherwise?.Evaluate(state) ?? default;
    }
}
