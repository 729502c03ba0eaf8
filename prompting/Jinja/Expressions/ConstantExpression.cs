using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A literal.</summary>
internal sealed class ConstantExpression(SourcePosition position, JinjaValue value) : IExpression
{
    public SourcePosition Position => position;

    public int Depth => 1;

    public JinjaValue Evaluate(RenderState state) => value;
}
