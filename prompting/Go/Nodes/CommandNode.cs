namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>An operand, or a function with its arguments.</summary>
internal sealed class CommandNode(int offset, IReadOnlyList<GoNode> operands) : GoNode(offset)
{
    public IReadOnlyList<GoNode> Operands => operands;

    public override string ToString() =>
        string.Join(' ', operands.Select(operand => operand is PipeNode ? $"({operand})" : operand.ToString()));
}
