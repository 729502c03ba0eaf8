using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Grpc;

/// <summary>The port itself: what is no call, TLS, gRPC-Web, and who may have the port.</summary>
public sealed class GrpcPortTests(GrpcServerFixture fixture) : IClassFixture<GrpcServerFixture>
{
    private const string Health = "/grpc.health.v1.Health/Check";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_no_call_is_refused_and_the_server_lives()
    {
        var raw = await NodeClient.RunAsync("grpc-raw.mjs", fixture.Server.GrpcAddress, "all", Token);
        string[] expected =
        [
            "garbage 200 3 MESSAGE_INVALID", "nothing 200 3 MESSAGE_INVALID", "truncatedHead 200 3 MESSAGE_INVALID",
            "truncatedBody 200 3 MESSAGE_INVALID", "oversize 200 8 BODY_TOO_LARGE", "negative 200 3 MESSAGE_INVALID",
            "two 200 3 MESSAGE_INVALID", "flag 200 3 MESSAGE_INVALID", "compressed 200 3 MESSAGE_INVALID",
            "encoding 200 12 ENCODING_UNSUPPORTED", "stream 200 3 MESSAGE_INVALID",
            "streamFlag 200 3 MESSAGE_INVALID", "reset - - -", "timeout 200 3 REQUEST_INVALID",
            "deadline 200 4 -", "halfOpen 200 4/0 -", "method 200 12 CALL_UNKNOWN",
            "service 200 12 CALL_UNKNOWN",
            "type 415 13 -", "get 404 - -", "http 404 - -", "older 400 - -",
        ];
        Assert.Equal(
            expected,
            raw.EnumerateObject().Select(call =>
                $"{call.Name} {Text(call, "http")} {Text(call, "status")} {Text(call, "reason")}"));
        Assert.All(raw.EnumerateObject(), call => Assert.False(call.Value.TryGetProperty("silent", out _), call.Name));
        var chat = await NodeClient.RunAsync("grpc.mjs", fixture.Server.GrpcAddress, "chat", Token);
        Assert.Equal("DONE_REASON_STOP", chat.GetProperty("done_reason").GetString());
    }

    [Fact]
    public async Task The_other_port_serves_no_calls()
    {
        using var request = Call(new Uri(fixture.Server.Address, Health), "application/grpc", HttpVersion.Version11);
        using var response = await fixture.Server.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var page = Call(new Uri(fixture.Server.Address, Health), "application/grpc-web", HttpVersion.Version11);
        using var answer = await fixture.Server.Client.SendAsync(page, Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var description = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = description.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await using var server = await StartAsync(grpc => grpc with { Certificate = certificate, Web = true });
        Assert.Equal("https", server.GrpcAddress.Scheme);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, peer, _, _) =>
                peer?.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var client = new HttpClient(handler);
        using var request = Call(new Uri(server.GrpcAddress, Health), "application/grpc", HttpVersion.Version20);
        using var response = await client.SendAsync(request, Token);
        await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());

        // A page speaks HTTP/1.1 or 2 as it likes, and is asked where it comes from.
        using var page = Call(new Uri(server.GrpcAddress, Health), "application/grpc-web", HttpVersion.Version11);
        page.Headers.Add("Origin", "http://evil.example");
        using var refused = await client.SendAsync(page, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_page_makes_calls_where_that_is_switched_on()
    {
        await using var server = await StartAsync(grpc => grpc with { Web = true });
        using var preflight = new HttpRequestMessage(HttpMethod.Options, Health);
        preflight.Headers.Add("Origin", "http://localhost:3000");
        using var allowed = await server.Client.SendAsync(preflight, Token);
        Assert.Contains("X-Grpc-Web", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());

        using var call = Call(new Uri(server.Address, Health), "application/grpc-web+proto", HttpVersion.Version11);
        call.Headers.Add("Origin", "http://localhost:3000");
        using var response = await server.Client.SendAsync(call, Token);
        Assert.Contains("Grpc-Status", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        var body = await response.Content.ReadAsByteArrayAsync(Token);

        // One message, SERVING, then the trailers as a frame of their own.
        Assert.Equal([0, 0, 0, 0, 2, 8, 1, 0x80], body[..8]);
        Assert.Contains("grpc-status: 0", Encoding.ASCII.GetString(body));

        using var other = Call(new Uri(server.Address, Health), "application/grpc-web", HttpVersion.Version11);
        other.Headers.Add("Origin", "http://evil.example");
        using var refused = await server.Client.SendAsync(other, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("identity,deflate,gzip", true)]
    [InlineData("gzip", true)]
    [InlineData("identity", false)]
    [InlineData(null, false)]
    public async Task Answers_are_compressed_for_clients_that_can_read_them(string? readable, bool compressed)
    {
        await using var server = await StartAsync(grpc => grpc with { AnswersCompressed = true });
        using var request = Call(new Uri(server.GrpcAddress, Health), "application/grpc", HttpVersion.Version20);
        if (readable is not null)
        {
            request.Headers.Add("grpc-accept-encoding", readable);
        }

        using var response = await server.Client.SendAsync(request, Token);
        var frame = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(compressed ? 1 : 0, frame[0]);
        Assert.Equal(
            compressed ? "gzip" : null,
            response.Headers.TryGetValues("grpc-encoding", out var encodings) ? encodings.Single() : null);
        Assert.Equal(frame.Length - 5, BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)));
        var message = new MemoryStream();
        await using Stream content = new MemoryStream(frame, 5, frame.Length - 5);
        await using var plain = compressed ? new GZipStream(content, CompressionMode.Decompress) : content;
        await plain.CopyToAsync(message, Token);
        Assert.Equal([8, 1], message.ToArray());
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_that_watch_leave_room_for_others_on_their_connection()
    {
        await using var server = await StartAsync(grpc => grpc);
        using var client = new HttpClient(new SocketsHttpHandler());
        var watches = new List<HttpResponseMessage>();
        for (var watch = 0; watch < 200; watch++)
        {
            using var request = Call(
                new Uri(server.GrpcAddress, "/ollama.v1.ModelService/WatchModels"), "application/grpc",
                HttpVersion.Version20);
            watches.Add(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token));
        }

        // Watches do not stand in the way of others, as they would where a connection had a hundred streams.
        using var call = Call(new Uri(server.GrpcAddress, Health), "application/grpc", HttpVersion.Version20);
        using var answer = await client.SendAsync(call, Token);
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_port_that_nobody_asked_for_and_somebody_has_does_not_stop_the_start()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = new ListenAddress("127.0.0.1", ((IPEndPoint)holder.LocalEndpoint).Port);
        var options = new ServerOptions { ModelsDirectory = "", Grpc = new GrpcSettings { Listen = taken } };
        ListenAddress? warned = null;
        Assert.Null(Endpoints.WithoutTakenGrpc(options, address => warned = address).Grpc.Listen);
        Assert.Equal(taken, warned);

        var asked = options with { Grpc = options.Grpc with { IsAddressAsked = true } };
        Assert.Equal(taken, Endpoints.WithoutTakenGrpc(asked, _ => Assert.Fail("asked for")).Grpc.Listen);
        holder.Stop();
        Assert.Equal(taken, Endpoints.WithoutTakenGrpc(options, _ => Assert.Fail("free")).Grpc.Listen);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            using var again = new TcpListener(IPAddress.Loopback, taken.Port);
            again.Start();
            await StartAsync(grpc => grpc with { Listen = taken });
        });
    }

    private static Task<HostedServer> StartAsync(Func<GrpcSettings, GrpcSettings> configure) =>
        HostedServer.StartAsync(options => options with
        {
            ShippedModels = false,
            Grpc = configure(new GrpcSettings { Listen = new ListenAddress("127.0.0.1", 0), IsAddressAsked = true }),
        });

    private static HttpRequestMessage Call(Uri address, string type, Version version)
    {
        // The frame of an empty message.
        var content = new ByteArrayContent(new byte[5]);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = content,
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "te", "trailers" } },
        };
    }

    private static string Text(JsonProperty call, string name) =>
        call.Value.TryGetProperty(name, out var value) ? value.ToString() : "-";
}
