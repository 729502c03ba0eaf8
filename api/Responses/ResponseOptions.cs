namespace Ollama.Platform.Api.Responses;

/// <summary>How long and how many responses are kept, in memory and as records on the disk.</summary>
public sealed class ResponseOptions
{
    private static readonly TimeSpan TimeBound = TimeSpan.FromDays(3653);

    /// <summary>How long a response can be fetched and gone on from; zero keeps none.</summary>
    public TimeSpan KeepTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The same as a time that can be added to a moment; ten years stand for ever.</summary>
    public TimeSpan KeepTimeBounded => KeepTime < TimeBound ? KeepTime : TimeBound;

    /// <summary>Most responses; the oldest that has ended makes room.</summary>
    public int CountMax { get; set; } = 1000;

    /// <summary>Most bytes of all together: conversations, answers and events.</summary>
    public long BytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>Most bytes of events that one response keeps; the oldest are dropped.</summary>
    public long EventBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most responses that wait or run without their clients.</summary>
    public int BackgroundCountMax { get; set; } = 256;

    /// <summary>How long those may go on when the server stops.</summary>
    public TimeSpan GracePeriod { get; set; }
}
