namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>The name of a function.</summary>
internal sealed class FunctionNode(int offset, string name) : GoNode(offset)
{
    public string Name => name;

    public override string ToString() => name;
}
