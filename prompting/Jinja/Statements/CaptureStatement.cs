using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>
/// Renders its body apart, sends it through filters, and assigns it (<c>set</c> block) or prints it (<c>filter</c>
/// block, for which there is no target).
/// </summary>
internal sealed class CaptureStatement(ITarget? target, List<FilterCall> filters, IStatement body) : IStatement
{
    public Flow Execute(RenderState state)
    {
        var scope = state.Scope;
        state.Scope = new Scope(scope);
        var outer = state.BeginCapture();
        var flow = body.Execute(state);
        var value = state.EndCapture(outer);
        foreach (var filter in filters)
        {
            value = filter.Apply(state, value);
        }

        state.Scope = scope;
        if (target is null)
        {
            state.Write(value);
        }
        else
        {
            target.Assign(state, value);
        }

        return flow;
    }
}
