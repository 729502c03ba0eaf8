namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>Text between actions.</summary>
internal sealed class TextNode(int offset, string text) : GoNode(offset)
{
    public string Text => text;

    public override string ToString() => text;
}
