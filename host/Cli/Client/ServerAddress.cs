using Ollama.Platform.Host.Options;

namespace Ollama.Platform.Host.Cli.Client;

/// <summary>
/// Where a client command finds the server: <c>OLLAMA_HOST</c>, read as Ollama's own client reads it.
/// </summary>
internal static class ServerAddress
{
    /// <summary>
    /// Reads <c>[scheme://]host[:port][/path]</c>. The address of all interfaces means this machine: a server listens
    /// there, but nobody can connect to it.
    /// </summary>
    /// <returns>The base address, which ends in a slash.</returns>
    /// <exception cref="CommandException">The text is no address.</exception>
    public static Uri Parse(string? text)
    {
        var rest = text?.Trim().Trim('"', '\'').Trim() ?? "";
        var secure = rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var address = ListenAddress.Parse(text, new List<string>());
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        rest = scheme < 0 ? rest : rest[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "/" : rest[slash..].TrimEnd('/') + "/";
        var host = address.Host switch { "0.0.0.0" => "127.0.0.1", "::" => "::1", _ => address.Host };
        try
        {
            return new UriBuilder(secure ? "https" : "http", host, address.Port, path).Uri;
        }
        catch (UriFormatException failure)
        {
            throw new CommandException($"OLLAMA_HOST is no address: \"{text}\" ({failure.Message})");
        }
    }
}
