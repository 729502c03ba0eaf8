namespace Ollama.Platform.Api.Batches;

/// <summary>What files and batches may take.</summary>
public sealed class BatchOptions
{
    /// <summary>Longest file that is taken, in bytes.</summary>
    public long FileBytesMax { get; set; } = 200 * 1024 * 1024;

    /// <summary>Most bytes of all files together, results included when they are complete.</summary>
    public long AllFileBytesMax { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Most files.</summary>
    public int FileCountMax { get; set; } = 1000;

    /// <summary>Most requests of one batch.</summary>
    public int LineCountMax { get; set; } = 50_000;

    /// <summary>Longest request of a batch, in bytes.</summary>
    public int LineBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most batches that wait or run.</summary>
    public int UnfinishedCountMax { get; set; } = 100;

    /// <summary>Most batches that are kept; the oldest that has ended makes room.</summary>
    public int KeptCountMax { get; set; } = 1000;

    /// <summary>Requests of all batches that run at a time.</summary>
    public int ConcurrencyMax { get; set; } = 4;

    /// <summary>How long batches that have ended, and files that say nothing else, are kept.</summary>
    public TimeSpan KeepTime { get; set; } = TimeSpan.FromDays(30);
}
