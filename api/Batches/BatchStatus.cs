namespace Ollama.Platform.Api.Batches;

/// <summary>The states of a batch, in OpenAI's words.</summary>
internal static class BatchStatus
{
    /// <summary>Its input is read.</summary>
    public const string Validating = "validating";

    /// <summary>Its input is wrong.</summary>
    public const string Failed = "failed";

    /// <summary>Its requests run.</summary>
    public const string InProgress = "in_progress";

    /// <summary>Its results are put in order.</summary>
    public const string Finalizing = "finalizing";

    /// <summary>Its results are there.</summary>
    public const string Completed = "completed";

    /// <summary>It took too long.</summary>
    public const string Expired = "expired";

    /// <summary>Somebody canceled it.</summary>
    public const string Cancelling = "cancelling";

    /// <summary>Nothing of it runs any more.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Nothing more will come.</summary>
    public static bool IsFinal(string status) => status is Failed or Completed or Expired or Cancelled;
}
