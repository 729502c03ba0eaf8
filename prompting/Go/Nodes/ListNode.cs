namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>Nodes in a row.</summary>
internal sealed class ListNode(int offset, IReadOnlyList<GoNode> nodes) : GoNode(offset)
{
    public IReadOnlyList<GoNode> Nodes => nodes;

    public override string ToString() => string.Concat(nodes);
}
