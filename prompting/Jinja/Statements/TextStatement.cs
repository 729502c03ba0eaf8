using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(string text) : IStatement
{
    public Flow Execute(RenderState state)
    {
        state.Write(text);
        return Flow.Next;
    }
}
