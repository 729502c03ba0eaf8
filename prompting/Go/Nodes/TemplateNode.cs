using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A call of a defined template.</summary>
internal sealed class TemplateNode(int offset, string name, PipeNode? pipe) : GoNode(offset)
{
    public string Name => name;

    /// <summary>What becomes the dot; null for nothing.</summary>
    public PipeNode? Pipe => pipe;

    public override string ToString() =>
        $"{{{{template {GoText.Quote(name)}{(pipe is null ? "" : " " + pipe)}}}}}";
}
