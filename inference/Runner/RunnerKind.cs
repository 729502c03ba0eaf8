namespace Ollama.Platform.Inference.Runner;

/// <summary>Where native code runs.</summary>
public enum RunnerKind
{
    /// <summary>On a thread of this process: the least overhead; a crash of native code ends the process.</summary>
    InProcess,

    /// <summary>In a process for each replica: a crash or hang of native code ends that replica alone.</summary>
    Process,
}
