using System.Text.Json;

namespace Ollama.Platform.Api.Batches.Wire;

/// <summary>One line of a file with results. Nulls are written.</summary>
internal sealed record ResultLine
{
    /// <summary>Names the run of the request.</summary>
    public required string Id { get; init; }

    /// <summary>What the client called the request.</summary>
    public required string CustomId { get; init; }

    /// <summary>The answer; null when there was no run.</summary>
    public ResultAnswer? Response { get; init; }

    /// <summary>Why there was no run.</summary>
    public ResultError? Error { get; init; }
}

/// <summary>The answer to a request of a batch.</summary>
/// <param name="StatusCode">HTTP's.</param>
/// <param name="RequestId">The request as logs and headers have it.</param>
/// <param name="Body">The body.</param>
internal sealed record ResultAnswer(int StatusCode, string RequestId, JsonElement Body);

/// <summary>Why a request of a batch did not run.</summary>
/// <param name="Code">A word for it.</param>
/// <param name="Message">The sentence.</param>
internal sealed record ResultError(string Code, string Message);
