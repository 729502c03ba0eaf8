namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal of the registry's routes.</summary>
internal sealed class RegistryException(RegistryErrorCode code, string? detail = null)
    : Exception(code.ToString())
{
    /// <summary>What was refused.</summary>
    public RegistryErrorCode Code { get; } = code;

    /// <summary>The name, tag, digest or sentence that it is about.</summary>
    public string? Detail { get; } = detail;
}
