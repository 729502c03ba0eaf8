namespace Ollama.Platform.Inference.Scheduling;

/// <summary>What a slot is doing.</summary>
internal enum SlotState
{
    /// <summary>No sequence; it may hold cells for the next one.</summary>
    Idle,

    /// <summary>Computing the prompt, or after a preemption all tokens so far.</summary>
    Prefilling,

    /// <summary>Producing one token a step.</summary>
    Decoding,
}
