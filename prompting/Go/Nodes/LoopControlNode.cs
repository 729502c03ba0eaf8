namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A <c>break</c> or <c>continue</c>.</summary>
internal sealed class LoopControlNode(int offset, bool leaves) : GoNode(offset)
{
    /// <summary>True for <c>break</c>.</summary>
    public bool Leaves => leaves;

    public override string ToString() => leaves ? "{{break}}" : "{{continue}}";
}
