namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>Fields of a value in parentheses: <c>(…).A.B</c>.</summary>
internal sealed class ChainNode(int offset, GoNode node, IReadOnlyList<string> fields) : GoNode(offset)
{
    public GoNode Node => node;

    public IReadOnlyList<string> Fields => fields;

    public override string ToString() =>
        (node is PipeNode ? $"({node})" : node.ToString()) + "." + string.Join('.', fields);
}
