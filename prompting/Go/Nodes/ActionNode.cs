namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A pipeline whose value is printed, unless it assigns.</summary>
internal sealed class ActionNode(int offset, PipeNode pipe) : GoNode(offset)
{
    public PipeNode Pipe => pipe;

    public override string ToString() => $"{{{{{pipe}}}}}";
}
