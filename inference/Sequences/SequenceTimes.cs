namespace Ollama.Platform.Inference.Sequences;

/// <summary>Time stamps of a sequence; −1 for what it has not reached.</summary>
internal struct SequenceTimes
{
    /// <summary>When it was submitted.</summary>
    public long Submitted;

    /// <summary>When it first got a slot.</summary>
    public long Admitted;

    /// <summary>When its first token was sampled.</summary>
    public long FirstToken;

    /// <summary>When it ended.</summary>
    public long Ended;
}
