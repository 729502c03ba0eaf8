using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Calls a macro and hands it the body as <c>caller</c>.</summary>
internal sealed class CallStatement(CallExpression call, MacroDefinition body) : IStatement
{
    public Flow Execute(RenderState state)
    {
        var caller = JinjaValue.FromObject(new Macro(body, state.Scope));
        state.Write(call.Invoke(state, new NamedValue("caller", caller)));
        return Flow.Next;
    }
}
