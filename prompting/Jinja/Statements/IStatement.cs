using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>A parsed statement. Immutable, so that one template serves many threads.</summary>
internal interface IStatement
{
    Flow Execute(RenderState state);
}
