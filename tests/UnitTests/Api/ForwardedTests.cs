using System.Net;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api;

public sealed class ForwardedTests
{
    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.1/32")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10.0.0.5", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.5", "203.0.113.9, 10.1.1.1", "203.0.113.9")]
    [InlineData("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("192.168.1.5", "203.0.113.9", "192.168.1.5")]
    [InlineData("10.0.0.5", "nonsense", "10.0.0.5")]
    public async Task A_trusted_proxy_says_who_asks(string peer, string forwarded, string expected)
    {
        var seen = await SendAsync(peer, loopbackBound: false, ("X-Forwarded-For", forwarded));
        Assert.Equal(expected, seen.Connection.RemoteIpAddress?.ToString());
    }

    [Theory]
    [InlineData("10.0.0.5", false, "https", "chat.example.com")]
    [InlineData("10.0.0.5", true, "https", "localhost")]
    [InlineData("192.168.1.5", false, "http", "localhost")]
    public async Task A_trusted_proxy_says_what_was_asked_for(
        string peer, bool loopbackBound, string scheme, string host)
    {
        var seen = await SendAsync(
            peer, loopbackBound, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "chat.example.com"));
        Assert.Equal((scheme, host), (seen.Request.Scheme, seen.Request.Host.Value));
    }

    [Fact]
    public async Task A_page_of_the_host_that_was_asked_for_may_call()
    {
        (string, string)[] headers =
        [
            ("Origin", "https://chat.example.com"), ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-Host", "chat.example.com"),
        ];
        Assert.Equal(200, (await SendAsync("10.0.0.5", loopbackBound: false, headers)).Response.StatusCode);
        Assert.Equal(403, (await SendAsync("192.168.1.5", loopbackBound: false, headers)).Response.StatusCode);
        Assert.Equal(403, (await SendAsync("10.0.0.5", loopbackBound: true, headers)).Response.StatusCode);
    }

    [Fact]
    public async Task Nobody_is_trusted_without_being_named()
    {
        await using var server = await ApiServer.StartAsync(options => options.LoopbackBound = false);
        var seen = await SendAsync(server, "127.0.0.1", ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal("127.0.0.1", seen.Connection.RemoteIpAddress?.ToString());
    }

    private static async Task<HttpContext> SendAsync(
        string peer, bool loopbackBound, params (string Name, string Value)[] headers)
    {
        await using var server = await ApiServer.StartAsync(
            options => (options.TrustedProxies, options.LoopbackBound) = (Proxies, loopbackBound));
        return await SendAsync(server, peer, headers);
    }

    private static Task<HttpContext> SendAsync(
        ApiServer server, string peer, params (string Name, string Value)[] headers) => server.Server.SendAsync(
        context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            (context.Request.Method, context.Request.Path) = ("GET", "/api/version");
            context.Request.Host = new HostString("localhost");
            foreach (var (name, value) in headers)
            {
                context.Request.Headers[name] = value;
            }
        },
        Cancel);
}
