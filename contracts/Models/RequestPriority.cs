namespace Ollama.Platform.Contracts.Models;

/// <summary>
/// What the priority of a request means: each step counts like having come earlier by <see cref="HeadStart"/>, so that
/// the higher goes first and the lower is late by a bounded time but never starves.
/// </summary>
public static class RequestPriority
{
    /// <summary>The lowest: work that can wait.</summary>
    public const int Min = -100;

    /// <summary>The highest.</summary>
    public const int Max = 100;

    /// <summary>How much earlier a request counts for each step of priority.</summary>
    public static TimeSpan HeadStart { get; } = TimeSpan.FromSeconds(1);
}
