using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A number with a sign before it.</summary>
internal sealed class SignExpression(SourcePosition position, bool negative, IExpression operand) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, operand);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var value = operand.Evaluate(state);
        state.At = position;
        if (value.Kind == JinjaKind.Float)
        {
            return JinjaValue.From(negative ? -value.AsFloat : value.AsFloat);
        }

        if (!value.TryGetInteger(out var integer))
        {
            throw state.Fail($"a sign needs a number, not {PythonText.TypeOf(value)}");
        }

        return negative
            ? Arithmetic.Apply(state, ArithmeticOperator.Subtract, JinjaValue.From(0), value)
            : JinjaValue.From(integer);
    }
}
