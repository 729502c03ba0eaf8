using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A member read with a dot: a dictionary's key, or a member of an object.</summary>
internal sealed class MemberExpression(SourcePosition position, IExpression target, string name) : IExpression
{
    private readonly JinjaValue _missing = JinjaValue.Undefined(name);

    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, target);

    public IExpression Target => target;

    public string Name => name;

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        return Read(state, target.Evaluate(state));
    }

    /// <summary>Reads the member of a value that is already known.</summary>
    public JinjaValue Read(RenderState state, JinjaValue value)
    {
        state.At = position;
        return Members.TryGet(state, value, name, out var member) ? member : _missing;
    }
}
