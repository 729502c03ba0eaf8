using System.Net;
using System.Net.Sockets;

namespace Ollama.Platform.Host.Startup;

/// <summary>
/// Asks a server that has just started for its models, as a client does: what is compiled and set up at first use, a
/// twentieth of a second of work and more, is then done before somebody waits for it.
/// </summary>
internal static class FirstRequest
{
    // What has not been answered by then keeps nobody waiting any longer.
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(10);

    /// <summary>Sends it and reads the answer, whatever it says; returns early when there is none.</summary>
    /// <param name="addresses">Where the server listens; the first one speaks HTTP.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public static async Task SendAsync(IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        if (addresses.FirstOrDefault() is not { } address || !Uri.TryCreate(address, UriKind.Absolute, out var server))
        {
            return;
        }

        using var patience = new CancellationTokenSource(AnswerTimeMax);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(Reach(server), ending.Token);
            await socket.SendAsync(
                "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), ending.Token);
            var answer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(answer, ending.Token) > 0)
            {
                // It is of no interest.
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Then the first client has to wait.
        }
    }

    /// <summary>Where a server is reached that listens on all addresses.</summary>
    private static EndPoint Reach(Uri server)
    {
        if (!IPAddress.TryParse(server.IdnHost, out var address))
        {
            return new DnsEndPoint(server.IdnHost, server.Port);
        }

        return new IPEndPoint(
            address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address,
            server.Port);
    }
}
