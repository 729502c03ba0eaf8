using Ollama.Platform.Prompting.Jinja.Statements;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>
/// A macro, or the body of a call block: sees the names around its definition, not those of its caller.
/// </summary>
internal sealed class Macro(MacroDefinition definition, Scope? enclosing) : IJinjaCallable
{
    public string TypeName => "macro";

    public string Display => $"<Macro '{definition.Name}'>";

    public bool TryGetMember(string name, out JinjaValue value)
    {
        value = name == "name" ? JinjaValue.From(definition.Name) : default;
        return !value.IsUndefined;
    }

    public JinjaValue Call(RenderState state, CallArguments arguments)
    {
        state.EnterCall();
        var (callerScope, callPosition) = (state.Scope, state.At);
        state.Scope = new Scope(enclosing);
        definition.Bind(state, arguments);
        var outer = state.BeginCapture();
        definition.Body.Execute(state);
        var text = state.EndCapture(outer);
        (state.Scope, state.At) = (callerScope, callPosition);
        state.LeaveCall();
        return text;
    }
}
