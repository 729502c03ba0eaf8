using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>An item read with square brackets, by index or key.</summary>
internal sealed class ItemExpression(SourcePosition position, IExpression target, IExpression key) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, target, key);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var value = target.Evaluate(state);
        var keyValue = key.Evaluate(state);
        state.At = position;
        return Members.Item(state, value, keyValue);
    }
}
