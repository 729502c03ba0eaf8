using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A parsed expression. Immutable, so that one template serves many threads.</summary>
internal interface IExpression
{
    SourcePosition Position { get; }

    /// <summary>Levels of expressions below and including this one, limited by <see cref="ExpressionDepth"/>.</summary>
    int Depth { get; }

    JinjaValue Evaluate(RenderState state);
}
