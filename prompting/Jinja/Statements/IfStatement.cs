using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary><c>if</c> with its <c>elif</c> and <c>else</c>. Opens no scope.</summary>
internal sealed class IfStatement(List<IfBranch> branches, IStatement otherwise) : IStatement
{
    public Flow Execute(RenderState state)
    {
        foreach (var branch in branches)
        {
            if (branch.Condition.Evaluate(state).IsTrue)
            {
                return branch.Body.Execute(state);
            }
        }

        return otherwise.Execute(state);
    }
}
