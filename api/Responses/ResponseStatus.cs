using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Responses;

/// <summary>What can become of a response, in OpenAI's words.</summary>
internal static class ResponseStatus
{
    /// <summary>It waits for its turn.</summary>
    public const string Queued = "queued";

    /// <summary>It grows.</summary>
    public const string InProgress = "in_progress";

    /// <summary>It is whole.</summary>
    public const string Completed = "completed";

    /// <summary>It was cut at its limit.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Its run failed.</summary>
    public const string Failed = "failed";

    /// <summary>Somebody ended it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Nothing more will come.</summary>
    public static bool IsFinal(string status) => status is not (Queued or InProgress);

    /// <summary>The word that stands for an HTTP status where there is none any more.</summary>
    public static string FailureCode(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_prompt",
    };
}
