using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ollama.Platform.Api.Grpc;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.Host;

/// <summary>
/// Where the server listens: the HTTP dialects first, gRPC last. They are named one by one and not as URLs, since each
/// has settings of its own.
/// </summary>
internal static class Endpoints
{
    /// <summary>Adds them all to the server.</summary>
    public static void Add(WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.Grpc.Certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            Listen(kestrel, options.Listen, _ => { });
            if (options.OllaListen is { } olla)
            {
                Listen(kestrel, olla, _ => { });
            }

            if (options.Grpc.Listen is { } address)
            {
                Listen(kestrel, address, endpoint => UseGrpc(endpoint, options.Grpc));
            }
        });
    }

    /// <summary>
    /// The options without gRPC where its address is taken and nobody asked for it by name: a second server on one
    /// machine must not fail for what it may not even need.
    /// </summary>
    public static ServerOptions WithoutTakenGrpc(ServerOptions options, Action<ListenAddress> warn)
    {
        if (options.Grpc is not { Listen: { Port: > 0 } address, IsAddressAsked: false } || IsFree(address))
        {
            return options;
        }

        warn(address);
        return options with { Grpc = options.Grpc with { Listen = null } };
    }

    private static void UseGrpc(ListenOptions endpoint, GrpcSettings settings)
    {
        var negotiates = settings.Web && settings.Certificate is not null;
        GrpcPort.Use(endpoint, negotiates ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2);
        if (settings.Certificate is { } certificate)
        {
            endpoint.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ServerCertificateChain = settings.CertificateChain;
            });
        }
    }

    // As the server reads URLs: an address, this machine, or else every address.
    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else if (address.IsLoopback)
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static bool IsFree(ListenAddress address)
    {
        var ip = IPAddress.TryParse(address.Host, out var parsed) ? parsed
            : address.IsLoopback ? IPAddress.Loopback
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any
            : IPAddress.Any;
        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (ip.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(ip, address.Port));
            return true;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode != SocketError.AddressAlreadyInUse;
        }
    }
}
