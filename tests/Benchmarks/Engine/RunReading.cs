namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>What one run cost.</summary>
/// <param name="TokenCount">Tokens produced.</param>
/// <param name="Cpu">Processor time of the process that produced them.</param>
/// <param name="Wall">Elapsed time.</param>
internal readonly record struct RunReading(int TokenCount, TimeSpan Cpu, TimeSpan Wall)
{
    /// <summary>Tokens a second of processor time: steady where a shared machine's clock is not.</summary>
    public double TokensPerCpuSecond => TokenCount / Cpu.TotalSeconds;

    /// <summary>Tokens a second of elapsed time.</summary>
    public double TokensPerSecond => TokenCount / Wall.TotalSeconds;
}
