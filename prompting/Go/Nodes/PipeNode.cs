namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>Commands, each of which gets the value of the one before it.</summary>
internal sealed class PipeNode(
    int offset, IReadOnlyList<VariableNode> variables, bool isAssignment, IReadOnlyList<CommandNode> commands)
    : GoNode(offset)
{
    /// <summary>The variables that get the value.</summary>
    public IReadOnlyList<VariableNode> Variables => variables;

    /// <summary>True for <c>=</c>, false for <c>:=</c>.</summary>
    public bool IsAssignment => isAssignment;

    public IReadOnlyList<CommandNode> Commands => commands;

    public override string ToString()
    {
        var names = variables.Count == 0 ? "" : string.Join(", ", variables) + (isAssignment ? " = " : " := ");
        return names + string.Join(" | ", commands);
    }
}
