using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Statements one after the other.</summary>
internal sealed class StatementList(IStatement[] statements) : IStatement
{
    public static StatementList Empty { get; } = new([]);

    public Flow Execute(RenderState state)
    {
        foreach (var statement in statements)
        {
            state.Step();
            var flow = statement.Execute(state);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}
