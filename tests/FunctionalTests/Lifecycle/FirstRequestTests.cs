using System.Net;
using System.Net.Sockets;
using System.Text;
using Ollama.Platform.Host.Startup;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

public sealed class FirstRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    public async Task A_server_asks_itself_for_its_models_as_a_client_does(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = FirstRequest.SendAsync([$"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}"], Token);
        using (var client = await listener.AcceptSocketAsync(Token))
        {
            var request = new byte[1000];
            var count = await client.ReceiveAsync(request, Token);
            Assert.StartsWith(
                "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n", Encoding.ASCII.GetString(request, 0, count),
                StringComparison.Ordinal);
            await client.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), Token);
            Assert.False(sending.IsCompleted);
        }

        await sending;
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Nobody_minds_a_server_that_cannot_be_asked(string address) =>
        await FirstRequest.SendAsync(address.Length > 0 ? [address] : [], Token);
}
