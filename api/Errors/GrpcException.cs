namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal of the gRPC dialect itself.</summary>
/// <param name="code">What was refused.</param>
/// <param name="message">The whole sentence.</param>
internal sealed class GrpcException(GrpcErrorCode code, string message) : Exception(message)
{
    /// <summary>What was refused.</summary>
    public GrpcErrorCode Code { get; } = code;
}
