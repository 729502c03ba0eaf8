using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>The opposite truth.</summary>
internal sealed class LogicalNotExpression(SourcePosition position, IExpression operand) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, operand);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        return JinjaValue.From(!operand.Evaluate(state).IsTrue);
    }
}
