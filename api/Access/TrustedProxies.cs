using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Ollama.Platform.Api.Access;

/// <summary>The proxies whose word counts about where a request came from (<c>X-Forwarded-…</c>).</summary>
public static class TrustedProxies
{
    /// <summary>Reads an address, or a network such as <c>10.0.0.0/8</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPNetwork? network)
    {
        ArgumentNullException.ThrowIfNull(text);
        network = IPNetwork.TryParse(text, out var parsed) ? parsed
            : IPAddress.TryParse(text, out var address)
                && (address.ToString() == text || text.Contains(':', StringComparison.Ordinal))
                ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : null;
        return network is not null;
    }

    /// <summary>How the framework's middleware takes the headers of these proxies, and of nobody else.</summary>
    /// <param name="proxies">The proxies.</param>
    /// <param name="hostTaken">
    /// The host that the client asked for counts, too. Not on a server of this machine alone: a web page that has
    /// pointed its own name at the server could set the header and pass for a local one.
    /// </param>
    internal static ForwardedHeadersOptions ToOptions(IReadOnlyList<IPNetwork> proxies, bool hostTaken)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                | (hostTaken ? ForwardedHeaders.XForwardedHost : ForwardedHeaders.None),
            // A chain is followed as far as its links are trusted.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        return options;
    }
}
