using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Assigns a name in the innermost scope.</summary>
internal sealed class NameTarget(int name) : ITarget
{
    public void Assign(RenderState state, JinjaValue value) => state.SetName(name, value);
}
