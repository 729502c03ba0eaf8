namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>The statements that choose by a pipeline's value.</summary>
internal enum BranchKind
{
    /// <summary><c>if</c>: by truth.</summary>
    If = 0,

    /// <summary><c>with</c>: by truth, and the value becomes the dot.</summary>
    With = 1,

    /// <summary><c>range</c>: once for each item.</summary>
    Range = 2,
}
