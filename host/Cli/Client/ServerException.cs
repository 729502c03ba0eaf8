using System.Net;

namespace Ollama.Platform.Host.Cli.Client;

/// <summary>What the server refused, in its own words.</summary>
internal sealed class ServerException(HttpStatusCode? status, string message) : CommandException(message)
{
    /// <summary>The HTTP status; null when the error came after the first byte of an answer.</summary>
    public HttpStatusCode? Status { get; } = status;
}
