namespace Ollama.Platform.Host.Options;

/// <summary>What requests may be, and how they are answered while they wait.</summary>
internal sealed record RequestSettings
{
    /// <summary>Longest body, in bytes (<c>OLLAMA_MAX_BODY_BYTES</c>).</summary>
    public int BodyBytesMax { get; init; } = 256 * 1024 * 1024;

    /// <summary>All headers of a request together, in bytes (<c>OLLAMA_MAX_HEADER_BYTES</c>).</summary>
    public int HeaderBytesMax { get; init; } = 64 * 1024;

    /// <summary>Most messages of a conversation (<c>OLLAMA_MAX_MESSAGES</c>).</summary>
    public int MessageCountMax { get; init; } = 10_000;

    /// <summary>Most images of a request (<c>OLLAMA_MAX_IMAGES</c>).</summary>
    public int ImageCountMax { get; init; } = 256;

    /// <summary>Largest image, in bytes (<c>OLLAMA_MAX_IMAGE_BYTES</c>).</summary>
    public int ImageBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// How often a waiting stream of events shows a sign of life; infinite for never
    /// (<c>OLLAMA_HEARTBEAT_INTERVAL</c>).
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);
}
