namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal of the edge itself.</summary>
internal sealed class ApiException(ApiErrorCode code) : Exception(code.ToString())
{
    /// <summary>What was refused.</summary>
    public ApiErrorCode Code { get; } = code;
}
