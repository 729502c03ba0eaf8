using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class LoopControlStatement(Flow flow) : IStatement
{
    public Flow Execute(RenderState state) => flow;
}
