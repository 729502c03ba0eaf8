using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>What can stand on the left of an assignment.</summary>
internal interface ITarget
{
    void Assign(RenderState state, JinjaValue value);
}
