namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>An <c>if</c>, <c>with</c> or <c>range</c>.</summary>
internal sealed class BranchNode(
    BranchKind kind, int offset, PipeNode pipe, ListNode body, ListNode? otherwise) : GoNode(offset)
{
    public BranchKind Kind => kind;

    public PipeNode Pipe => pipe;

    public ListNode Body => body;

    /// <summary>What <c>else</c> holds; null without one.</summary>
    public ListNode? Otherwise => otherwise;

    public override string ToString()
    {
        var word = kind switch { BranchKind.If => "if", BranchKind.With => "with", _ => "range" };
        var rest = otherwise is null ? "" : $"{{{{else}}}}{otherwise}";
        return $"{{{{{word} {pipe}}}}}{body}{rest}{{{{end}}}}";
    }
}
