using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Defines a macro under a name.</summary>
internal sealed class MacroStatement(int name, MacroDefinition definition) : IStatement
{
    public Flow Execute(RenderState state)
    {
        state.SetName(name, JinjaValue.FromObject(new Macro(definition, state.Scope)));
        return Flow.Next;
    }
}
