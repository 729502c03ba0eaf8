namespace Ollama.Platform.Prompting.Go.Runtime;

/// <summary>How a loop goes on after a node.</summary>
internal enum GoFlow
{
    /// <summary>With the next node.</summary>
    Next = 0,

    /// <summary>With the next round.</summary>
    Continue = 1,

    /// <summary>Behind the loop.</summary>
    Break = 2,
}
