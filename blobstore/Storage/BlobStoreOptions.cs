namespace Ollama.Platform.BlobStore.Storage;

/// <summary>Where the store lies and what it accepts.</summary>
public sealed class BlobStoreOptions
{
    /// <summary>The directory that holds <c>blobs</c> and <c>manifests</c>; made when it is absent.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Longest blob accepted, in bytes. The default, 2 TiB, only stops a stream without end.</summary>
    public long BlobBytesMax { get; set; } = 2L << 40;

    /// <summary>Blobs that no model needs any more are removed (<c>OLLAMA_NOPRUNE</c> unset).</summary>
    public bool Prunes { get; set; } = true;

    /// <summary>Uploads in pieces that may be open at once.</summary>
    public int UploadCountMax { get; set; } = 256;

    /// <summary>How long an upload in pieces may stand still before it is given up.</summary>
    public TimeSpan UploadIdleTimeMax { get; set; } = TimeSpan.FromHours(1);
}
