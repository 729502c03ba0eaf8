using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Access;

/// <summary>
/// Refuses requests whose Host header does not name this machine or its network. Without it a web page could point its
/// own name at 127.0.0.1 and read answers as its own (DNS rebinding).
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ApiOptions options)
{
    private static readonly string[] LocalDomains = [".localhost", ".local", ".internal"];

    /// <summary>Lets the request pass, or refuses it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var host = WithoutPort(context.Request.Headers.Host.ToString());
        if (IsAddress(host) && IPAddress.TryParse(host, out var address) && IsNear(address))
        {
            return next(context);
        }

        if (!IsLocalName(host))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var bracket = host.LastIndexOf(']');
        if (bracket > 0 && host[0] == '[')
        {
            return host[1..bracket];
        }

        // More than one colon and no brackets is an IPv6 address without port.
        return colon < 0 || host.IndexOf(':') != colon ? host : host[..colon];
    }

    // .NET would also read a bare number as an address.
    private static bool IsAddress(string host) => host.Contains(':') || host.Count(character => character == '.') == 3;

    private bool IsLocalName(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(options.MachineName, StringComparison.OrdinalIgnoreCase)
        || Array.Exists(LocalDomains, domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    private bool IsNear(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || IsPrivate(address)
        || options.IsOwnAddress(address);

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6UniqueLocal
                || (address.IsIPv4MappedToIPv6 && IsPrivate(address.MapToIPv4()));
        }

        Span<byte> octets = stackalloc byte[4];
        address.TryWriteBytes(octets, out _);
        return octets[0] == 10
            || (octets[0] == 172 && (octets[1] & 0xf0) == 16)
            || (octets[0] == 192 && octets[1] == 168);
    }
}
