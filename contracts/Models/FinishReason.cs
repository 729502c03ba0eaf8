namespace Ollama.Platform.Contracts.Models;

/// <summary>Why a sequence ended. The numbers cross silos and stay as they are.</summary>
public enum FinishReason
{
    /// <summary>An end token or a stop sequence.</summary>
    Stop = 0,

    /// <summary>The token limit or the end of the context.</summary>
    Length = 1,

    /// <summary>The model asked for tool calls and waits for their results.</summary>
    ToolCalls = 2,

    /// <summary>The client left.</summary>
    Canceled = 3,

    /// <summary>The engine failed.</summary>
    Error = 4,
}
