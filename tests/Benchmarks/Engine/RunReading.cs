namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>What one run cost.</summary>
/// <param name="TokenCount">Tokens produced.</param>
/// <param name="Cpu">Processor time of the process that produced them.</param>
/// <param name="Wall">Elapsed time.</param>
internal readonly record struct RunReading(int TokenCount, TimeSpan Cpu, TimeSpan Wall)
{
    /// <summary>
    /// Tokens a second of processor time: steady where a shared machine's clock is not. A run shorter than the
    /// system's tick counts as one tick.
    /// </summary>
    public double TokensPerCpuSecond => TokenCount / Math.Max(Cpu.TotalSeconds, CpuTime.Tick.TotalSeconds);

    /// <summary>Tokens a second of the clock.</summary>
    public double TokensPerSecond => TokenCount / Wall.TotalSeconds;
}
