namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>The dot.</summary>
internal sealed class DotNode(int offset) : GoNode(offset)
{
    public override string ToString() => ".";
}
