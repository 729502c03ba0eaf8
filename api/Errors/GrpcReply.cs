using Grpc.Core;

namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal in the terms of gRPC; its text is that of Ollama's dialect.</summary>
/// <param name="Status">The status of the call.</param>
/// <param name="Reason">The reason that <c>ErrorInfo</c> names; stays as it is for ever.</param>
/// <param name="RetryDelay">When to try again; null where trying again does not help.</param>
internal sealed record GrpcReply(StatusCode Status, string Reason, TimeSpan? RetryDelay = null);
