namespace Ollama.Platform.Api.Responses;

/// <summary>How long and how many responses are kept, in the memory of this process.</summary>
public sealed class ResponseOptions
{
    /// <summary>How long a response can be fetched and gone on from; zero keeps none.</summary>
    public TimeSpan KeepTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Most responses; the oldest that has ended makes room.</summary>
    public int CountMax { get; set; } = 1000;

    /// <summary>Most bytes of all together: conversations, answers and events.</summary>
    public long BytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>Most bytes of events that one response keeps; the oldest are dropped.</summary>
    public long EventBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most responses that wait or run without their clients.</summary>
    public int BackgroundCountMax { get; set; } = 256;
}
