namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>A part of a parsed template. Prints as the source it stands for, in Go's own spelling.</summary>
/// <param name="offset">Where it begins in the source, in characters.</param>
internal abstract class GoNode(int offset)
{
    public int Offset => offset;
}
