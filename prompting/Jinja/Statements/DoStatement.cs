using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Evaluates for the side effect, without output.</summary>
internal sealed class DoStatement(IExpression value) : IStatement
{
    public Flow Execute(RenderState state)
    {
        value.Evaluate(state);
        return Flow.Next;
    }
}
