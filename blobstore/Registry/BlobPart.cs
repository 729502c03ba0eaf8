namespace Ollama.Platform.BlobStore.Registry;

/// <summary>One range of a blob that is being gathered. One task moves it; others read how far it is.</summary>
internal sealed class BlobPart(PartRecord record)
{
    private long _completedBytes = record.Completed;

    /// <summary>Its number, from 0.</summary>
    public int Number => record.N;

    /// <summary>Where it begins, in bytes.</summary>
    public long Offset => record.Offset;

    /// <summary>Its length in bytes.</summary>
    public long Size => record.Size;

    /// <summary>How many of its bytes are on disk.</summary>
    public long CompletedBytes => Interlocked.Read(ref _completedBytes);

    /// <summary>How many of them the record knows of.</summary>
    public long RecordedBytes { get; set; } = record.Completed;

    /// <summary>Adds what was written; returns how much it is now.</summary>
    public long Advance(int count) => Interlocked.Add(ref _completedBytes, count);

    /// <summary>What is to be kept.</summary>
    public PartRecord ToRecord() => record with { Completed = CompletedBytes };
}
