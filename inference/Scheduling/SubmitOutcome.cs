namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Whether the decode loop took what was submitted.</summary>
internal enum SubmitOutcome
{
    /// <summary>It will run, or wait for its turn.</summary>
    Accepted,

    /// <summary>As many wait as may wait.</summary>
    QueueFull,

    /// <summary>The loop has ended.</summary>
    Stopped,
}
