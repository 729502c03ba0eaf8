using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>
/// A body whose assignments stay inside: <c>with</c> and its names, or <c>generation</c>, which has none.
/// </summary>
internal sealed class ScopeStatement(List<KeyValuePair<ITarget, IExpression>> assignments, IStatement body) : IStatement
{
    public Flow Execute(RenderState state)
    {
        // The values are those outside, not those of the names before them.
        var values = assignments.ConvertAll(assignment => assignment.Value.Evaluate(state));
        var scope = state.Scope;
        state.Scope = new Scope(scope);
        for (var i = 0; i < values.Count; i++)
        {
            assignments[i].Key.Assign(state, values[i]);
        }

        var flow = body.Execute(state);
        state.Scope = scope;
        return flow;
    }
}
