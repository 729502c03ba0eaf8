using System.Net;
using System.Net.NetworkInformation;

namespace Ollama.Platform.Api.Access;

/// <summary>The addresses of this machine's network interfaces.</summary>
internal static class OwnAddresses
{
    /// <summary>
    /// Looks the address up. Asked only for public addresses in a Host header, which is rare, so nothing is cached and
    /// a new interface is seen at once.
    /// </summary>
    public static bool Contains(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(own => own.Address.Equals(address));
}
