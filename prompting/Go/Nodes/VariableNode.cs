namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A variable with a chain of its fields: <c>$x.A.B</c>.</summary>
internal sealed class VariableNode(int offset, IReadOnlyList<string> names) : GoNode(offset)
{
    /// <summary>The variable's name with its <c>$</c>, then the fields.</summary>
    public IReadOnlyList<string> Names => names;

    public override string ToString() => string.Join('.', names);
}
