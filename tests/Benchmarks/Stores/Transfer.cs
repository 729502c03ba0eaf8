namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>What moving a blob once took.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Elapsed">From the first byte asked for to the answer that all is well.</param>
/// <param name="Flushed">The same, and the disk has it.</param>
/// <param name="Processor">What the receiver spent on it.</param>
internal sealed record Transfer(long Bytes, TimeSpan Elapsed, TimeSpan Flushed, TimeSpan Processor)
{
    /// <summary>Megabytes in a second.</summary>
    public double Rate => Bytes / 1e6 / Elapsed.TotalSeconds;

    /// <summary>The same, and the disk has them.</summary>
    public double FlushedRate => Bytes / 1e6 / Flushed.TotalSeconds;

    /// <summary>Seconds of processor time for a gibibyte.</summary>
    public double Cost => Processor.TotalSeconds / Bytes * (1L << 30);
}
