using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Prints a value: <c>{{ value }}</c>.</summary>
internal sealed class OutputStatement(IExpression value) : IStatement
{
    public Flow Execute(RenderState state)
    {
        state.At = value.Position;
        state.Write(value.Evaluate(state));
        return Flow.Next;
    }
}
