using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A value sent through a filter.</summary>
internal sealed class FilterExpression(IExpression input, FilterCall filter) : IExpression
{
    public SourcePosition Position => filter.Position;

    public int Depth { get; } = ExpressionDepth.Above(filter.Position, [input, .. filter.Arguments.Parts]);

    public JinjaValue Evaluate(RenderState state) => filter.Apply(state, input.Evaluate(state));
}
