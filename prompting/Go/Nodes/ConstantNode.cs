using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A constant: a text, number, truth value or <c>nil</c>.</summary>
internal sealed class ConstantNode(int offset, string source, GoValue value) : GoNode(offset)
{
    public GoValue Value => value;

    public override string ToString() => source;
}
