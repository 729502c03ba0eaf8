namespace Ollama.Platform.Api.Olla;

/// <summary>A request that came through one of Olla's prefixes, kept with its HTTP context.</summary>
/// <param name="Prefix">What stood in front of the server's own path: <c>/olla/ollama</c>.</param>
/// <param name="Path">The server's own path.</param>
/// <param name="IsAnthropic">The prefix is that of Anthropic's dialect.</param>
internal sealed record OllaExchange(string Prefix, string Path, bool IsAnthropic)
{
    /// <summary>The path is one of Ollama's own dialect.</summary>
    public bool IsNative => Path.StartsWith("/api/", StringComparison.Ordinal);
}
