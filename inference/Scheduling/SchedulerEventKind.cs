namespace Ollama.Platform.Inference.Scheduling;

/// <summary>What happened to a sequence in a step.</summary>
public enum SchedulerEventKind
{
    /// <summary>It joined the queue.</summary>
    Queued,

    /// <summary>It got a slot; the count is the number of its tokens found in the prefix cache.</summary>
    Admitted,

    /// <summary>Tokens of its prompt were computed; the count says how many.</summary>
    Prefilled,

    /// <summary>One of its tokens was sampled; the count is the number so far.</summary>
    Decoded,

    /// <summary>Its context was full: the count is the number of tokens dropped.</summary>
    Shifted,

    /// <summary>It gave its cells back and waits again; the count is the number of cells.</summary>
    Preempted,

    /// <summary>Cells of another sequence serve its prompt; the count says how many from the first on.</summary>
    Shared,

    /// <summary>Tokens proposed for it were verified; the count says how many were right.</summary>
    Drafted,

    /// <summary>Its deadline passed.</summary>
    Expired,

    /// <summary>It ended by itself.</summary>
    Finished,

    /// <summary>It was ended from outside.</summary>
    Canceled,

    /// <summary>Its slot can be taken.</summary>
    SlotFreed,
}
