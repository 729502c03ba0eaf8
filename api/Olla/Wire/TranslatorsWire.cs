namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/internal/stats/translators</c>.</summary>
/// <param name="Timestamp">RFC 3339 in UTC.</param>
/// <param name="Translators">Anthropic's dialect.</param>
/// <param name="Summary">The same.</param>
internal sealed record TranslatorsWire(
    string Timestamp, IReadOnlyList<TranslatorWire> Translators, TranslatorsSummaryWire Summary);

/// <summary>What was answered in a dialect. Here each is the server's own, so that nothing is translated.</summary>
internal sealed record TranslatorWire
{
    /// <summary>The dialect.</summary>
    public string TranslatorName { get; init; } = "anthropic";

    /// <summary>Requests that were answered.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Those that succeeded.</summary>
    public long SuccessfulRequests { get; init; }

    /// <summary>Those that the server failed.</summary>
    public long FailedRequests { get; init; }

    /// <summary>Share of requests that the server did not fail.</summary>
    public required string SuccessRate { get; init; }

    /// <summary>Share that was not translated: all.</summary>
    public required string PassthroughRate { get; init; }

    /// <summary>Those that were not translated.</summary>
    public long PassthroughRequests { get; init; }

    /// <summary>Those that were: none.</summary>
    public long TranslationRequests { get; init; }

    /// <summary>Those that were answered by a stream.</summary>
    public long StreamingRequests { get; init; }

    /// <summary>The others.</summary>
    public long NonStreamingRequests { get; init; }

    /// <summary>None.</summary>
    public long FallbackNoCompatibleEndpoints { get; init; }

    /// <summary>None.</summary>
    public long FallbackTranslatorDoesNotSupportPassthrough { get; init; }

    /// <summary>None.</summary>
    public long FallbackCannotPassthrough { get; init; }

    /// <summary>Mean time of an answer.</summary>
    public required string AverageLatency { get; init; }
}

/// <summary>The whole.</summary>
internal sealed record TranslatorsSummaryWire
{
    /// <summary>Dialects that are counted.</summary>
    public int TotalTranslators { get; init; } = 1;

    /// <summary>Those that somebody spoke.</summary>
    public int ActiveTranslators { get; init; }

    /// <summary>Requests that were answered.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Share of requests that the server did not fail.</summary>
    public required string OverallSuccessRate { get; init; }

    /// <summary>Those that were not translated.</summary>
    public long TotalPassthrough { get; init; }

    /// <summary>Those that were: none.</summary>
    public long TotalTranslations { get; init; }

    /// <summary>Share that was not translated: all.</summary>
    public required string OverallPassthroughRate { get; init; }

    /// <summary>Those that were answered by a stream.</summary>
    public long TotalStreaming { get; init; }

    /// <summary>The others.</summary>
    public long TotalNonStreaming { get; init; }
}
