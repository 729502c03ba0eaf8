namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A value that a template computes with. Immutable, so that values are shared freely.</summary>
internal abstract class GoValue
{
    /// <summary>The type in Go's notation, for messages and <c>%T</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>Whether <c>if</c> takes its first branch: not zero, not empty.</summary>
    public abstract bool IsTrue { get; }
}
