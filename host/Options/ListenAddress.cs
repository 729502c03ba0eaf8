using System.Globalization;
using System.Net;

namespace Ollama.Platform.Host.Options;

/// <summary>Where the server listens: what <c>OLLAMA_HOST</c> says, read by Ollama's rules.</summary>
/// <param name="Host">Host name or IP address, without brackets.</param>
/// <param name="Port">TCP port; 0 lets the system choose.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    private const string DefaultHost = "127.0.0.1";
    private const int DefaultPort = 11434;
    private const string DefaultName = "OLLAMA_HOST";

    /// <summary>The address when nothing is set.</summary>
    public static ListenAddress Default { get; } = new(DefaultHost, DefaultPort);

    /// <summary>True when only this machine can connect.</summary>
    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Reads <c>[scheme://]host[:port][/path]</c>. Scheme and path are for clients and change only the default port; a
    /// port that is none falls back to that default, with a warning.
    /// </summary>
    /// <param name="text">The text; the default address when it is empty.</param>
    /// <param name="warnings">Where a warning goes.</param>
    /// <param name="name">The setting that the warning names.</param>
    /// <param name="defaultPort">The port of an address without one.</param>
    public static ListenAddress Parse(
        string? text, ICollection<string> warnings, string name = DefaultName, int defaultPort = DefaultPort)
    {
        var rest = text?.Trim().Trim('"', '\'').Trim() ?? "";
        if (rest.Length == 0)
        {
            return new ListenAddress(DefaultHost, defaultPort);
        }

        var port = defaultPort;
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            port = rest[..scheme].ToLowerInvariant() switch { "http" => 80, "https" => 443, _ => defaultPort };
            rest = rest[(scheme + 3)..];
        }

        var path = rest.IndexOf('/', StringComparison.Ordinal);
        rest = path >= 0 ? rest[..path] : rest;
        var (host, portText) = Split(rest);
        if (portText is not null)
        {
            var valid = int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= IPEndPoint.MaxPort;
            if (!valid)
            {
                warnings.Add($"{name}: the port \"{portText}\" is not a number from 0 to 65535; using {port}.");
            }

            port = valid ? number : port;
        }

        return new ListenAddress(host.Length == 0 ? DefaultHost : host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? $"http://[{Host}]:{Port}"
        : $"http://{Host}:{Port}";

    /// <summary>Takes <c>host:port</c>, <c>[host]:port</c> or a host alone apart.</summary>
    public static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var bracket)
        {
            var tail = text[(bracket + 1)..];
            return (text[1..bracket], tail.StartsWith(':') ? tail[1..] : null);
        }

        // An IPv6 address without brackets has several colons and no port.
        var colon = text.LastIndexOf(':');
        return colon < 0 || (IPAddress.TryParse(text, out _) && text.Count(character => character == ':') > 1)
            ? (text, null)
            : (text[..colon], text[(colon + 1)..]);
    }
}
