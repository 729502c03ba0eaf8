namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal of the edge itself.</summary>
internal sealed class ApiException(ApiErrorCode code, string? detail = null) : Exception(code.ToString())
{
    /// <summary>What was refused.</summary>
    public ApiErrorCode Code { get; } = code;

    /// <summary>What it is about, as the code's documentation says; null where it says nothing.</summary>
    public string? Detail { get; } = detail;

    /// <summary>The field that is to blame, where that is not what the code says of it.</summary>
    public string? Field { get; init; }
}
