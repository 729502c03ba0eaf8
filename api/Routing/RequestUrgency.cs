namespace Ollama.Platform.Api.Routing;

/// <summary>How urgent the work of a request is, where that is not the client's to say: in a batch.</summary>
/// <param name="Priority">As <c>GenerationRequest.Priority</c>.</param>
internal sealed record RequestUrgency(int Priority);
