using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Ollama;

/// <summary>Refusals in Ollama's form.</summary>
internal static class OllamaReplies
{
    /// <summary>Answers with the error's text, as <c>{"error": "…"}</c>.</summary>
    public static Task RefuseAsync(ApiRequest request, ErrorReply reply, string contentType) => JsonReply.WriteAsync(
        request.Context,
        reply.Status,
        contentType,
        new ErrorLine(reply.Message),
        WireJson.Default.ErrorLine,
        request.Aborted);
}
