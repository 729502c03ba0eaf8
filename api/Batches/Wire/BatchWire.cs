using System.Text.Json;

namespace Ollama.Platform.Api.Batches.Wire;

/// <summary>A batch. Moments are seconds since 1970; nulls are written.</summary>
internal sealed record BatchWire
{
    /// <summary>Names it.</summary>
    public required string Id { get; init; }

    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "batch";

    /// <summary>The route of all its requests.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What is wrong with its input.</summary>
    public BatchErrors? Errors { get; init; }

    /// <summary>The requests.</summary>
    public required string InputFileId { get; init; }

    /// <summary>How long it may take.</summary>
    public required string CompletionWindow { get; init; }

    /// <summary>One of <see cref="BatchStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The answers, once it has ended.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>The requests that failed, once it has ended.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>When it was made.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When its first request could run.</summary>
    public long? InProgressAt { get; init; }

    /// <summary>When it is given up.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>When its last request had run.</summary>
    public long? FinalizingAt { get; init; }

    /// <summary>When its results were there.</summary>
    public long? CompletedAt { get; init; }

    /// <summary>When its input was found to be wrong.</summary>
    public long? FailedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public long? ExpiredAt { get; init; }

    /// <summary>When somebody canceled it.</summary>
    public long? CancellingAt { get; init; }

    /// <summary>When nothing of it ran any more.</summary>
    public long? CancelledAt { get; init; }

    /// <summary>How many requests there are, and what has become of them.</summary>
    public CountsWire RequestCounts { get; init; } = new(0, 0, 0);

    /// <summary>As sent.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>How many requests a batch has.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Completed">Those that were answered.</param>
/// <param name="Failed">Those that failed.</param>
internal sealed record CountsWire(int Total, int Completed, int Failed);

/// <summary>What is wrong with the input of a batch.</summary>
/// <param name="Data">The first of the mistakes.</param>
internal sealed record BatchErrors(IReadOnlyList<LineError> Data)
{
    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "list";
}

/// <summary>What is wrong with a line.</summary>
/// <param name="Code">A word for it.</param>
/// <param name="Line">Which line, from 1; null when it is about all of them.</param>
/// <param name="Message">The sentence.</param>
/// <param name="Param">The field; null when it is about none.</param>
internal sealed record LineError(string Code, int? Line, string Message, string? Param);
