using System.Net;
using Ollama.Platform.Api.Access;

namespace Ollama.Platform.Host.Options;

/// <summary>
/// Reads the settings of Olla's routes and of proxies in front of the server. Each opens something: a wrong one stops
/// the host.
/// </summary>
/// <param name="value">The value of a variable, without blanks and quotes; empty when it is not set.</param>
/// <param name="warnings">Where a warning goes.</param>
internal sealed class OllaSettingsReader(Func<string, string> value, ICollection<string> warnings)
{
    // "4 OLLA", as Olla has it.
    private const int DefaultPort = 40114;

    /// <summary>The settings, taken over into all others.</summary>
    /// <exception cref="SettingException">One cannot be read.</exception>
    public ServerOptions Read(ServerOptions options)
    {
        var host = value("OLLAMA_OLLA_HOST");
        var served = StrictFlag.Read("OLLAMA_OLLA", value("OLLAMA_OLLA"), fallback: host.Length > 0);
        if (host.Length > 0 && !served)
        {
            warnings.Add("OLLAMA_OLLA_HOST: nothing listens there, since OLLAMA_OLLA is off.");
        }

        var proxies = value("OLLAMA_TRUSTED_PROXIES")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return options with
        {
            Olla = served,
            OllaListen = served && host.Length > 0
                ? ListenAddress.Parse(host, warnings, "OLLAMA_OLLA_HOST", DefaultPort)
                : null,
            TrustedProxies = proxies.Length > 0 ? [.. proxies.Select(Proxy)] : options.TrustedProxies,
        };
    }

    private static IPNetwork Proxy(string text) => TrustedProxies.TryParse(text, out var network)
        ? network.Value
        : throw new SettingException(
            $"OLLAMA_TRUSTED_PROXIES: \"{text}\" is neither an address nor a network such as 10.0.0.0/8.");
}
