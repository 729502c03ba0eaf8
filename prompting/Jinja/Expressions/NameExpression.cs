using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A variable; undefined when nobody set it.</summary>
internal sealed class NameExpression(SourcePosition position, int number, string name) : IExpression
{
    private readonly JinjaValue _missing = JinjaValue.Undefined(name);

    public SourcePosition Position => position;

    public int Depth => 1;

    public JinjaValue Evaluate(RenderState state) => state.TryGetName(number, out var value) ? value : _missing;
}
