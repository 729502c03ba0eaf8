namespace Ollama.Platform.Inference.Runner;

/// <summary>Where runners live and when they are given up.</summary>
public sealed class RunnerOptions
{
    /// <summary>Where native code runs (OLLAMA_RUNNER).</summary>
    public RunnerKind Kind { get; set; } = RunnerKind.InProcess;

    /// <summary>
    /// How long one step may take before its runner is ended; zero or less watches nothing (OLLAMA_STEP_TIMEOUT).
    /// </summary>
    public TimeSpan StepTimeMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The executable of a runner's process, with its first arguments; the address is appended.</summary>
    public IReadOnlyList<string> Command { get; set; } = [];

    /// <summary>Folder with the native libraries; null for the one beside the program.</summary>
    public string? LibraryPath { get; set; }
}
