namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A chain of fields of the dot: <c>.A.B</c>.</summary>
internal sealed class FieldNode(int offset, IReadOnlyList<string> names) : GoNode(offset)
{
    public IReadOnlyList<string> Names => names;

    public override string ToString() => "." + string.Join('.', names);
}
