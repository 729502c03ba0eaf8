using System.Text.Json;

namespace Ollama.Platform.Api.Responses;

/// <summary>What a response in the background is made of, for a server that starts after its own has stopped.</summary>
/// <param name="Body">The body as the client sent it.</param>
/// <param name="Priority">As <c>GenerationRequest.Priority</c>.</param>
internal sealed record ResponseWork(JsonElement Body, int Priority);
