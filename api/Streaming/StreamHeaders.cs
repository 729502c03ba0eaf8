using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Streaming;

/// <summary>The headers of every answer that comes in parts.</summary>
internal static class StreamHeaders
{
    /// <summary>Settles them; nothing is sent yet.</summary>
    public static void Set(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        // Without it nginx gathers what comes until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
