using System.Net;
using System.Net.Sockets;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Decides which hosts may be reached without TLS when a request asks for it.</summary>
internal static class InsecurePolicy
{
    /// <summary>The entry that stands for this machine and its own network.</summary>
    public const string Local = "local";

    private static readonly string[] LocalDomains = [".localhost", ".local", ".internal"];

    /// <summary>Tells whether a host, with its port if it has one, is allowed by one of the entries.</summary>
    public static bool Allows(IEnumerable<string> entries, string host)
    {
        var address = new Uri($"http://{host}");
        return entries.Any(entry => entry switch
        {
            "*" => true,
            Local => IsLocal(address.Host),
            _ => entry.Equals(host, StringComparison.OrdinalIgnoreCase)
                || entry.Equals(address.Host, StringComparison.OrdinalIgnoreCase),
        });
    }

    private static bool IsLocal(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return IPAddress.IsLoopback(address) || IsPrivate(address);
        }

        // A name without a dot is one of the network's own.
        return !host.Contains('.')
            || LocalDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6UniqueLocal || (address.IsIPv4MappedToIPv6 && IsPrivate(address.MapToIPv4()));
        }

        Span<byte> octets = stackalloc byte[4];
        address.TryWriteBytes(octets, out _);
        return octets[0] == 10
            || (octets[0] == 172 && (octets[1] & 0xf0) == 16)
            || (octets[0] == 192 && octets[1] == 168);
    }
}
