using System.Net;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Access;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Access;

public sealed class AccessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://*.corp.example", "http://a.corp.example", true)]
    [InlineData("http://*.corp.example", "http://.corp.example", true)]
    [InlineData("http://*.corp.example", "https://a.corp.example", false)]
    [InlineData("http://*.corp.example", "http://corp.example", false)]
    [InlineData("*.corp.example", "https://a.corp.example", true)]
    [InlineData("chrome-extension://*", "chrome-extension://abc", true)]
    [InlineData("HTTPS://Corp.Example", "https://corp.example", true)]
    [InlineData("https://corp.example", "https://corp.example:8443", false)]
    [InlineData("https://corp.example", "https://corp.example.evil", false)]
    [InlineData("http://a*a", "http://a", false)]
    [InlineData("*", "null", true)]
    public void A_star_stands_for_any_text(string pattern, string origin, bool expected)
    {
        Assert.True(OriginPattern.TryParse(pattern, out var parsed));
        Assert.Equal(expected, parsed.Matches(origin));
    }

    [Theory]
    [InlineData("corp.example")]
    [InlineData("")]
    [InlineData("ftp://corp.example")]
    [InlineData("http://*.*")]
    public void An_origin_without_scheme_or_with_two_stars_stops_the_host(string origin)
    {
        var result = new ApiOptionsValidator().Validate(null, new ApiOptions { Origins = [origin] });
        Assert.True(result.Failed);
        Assert.Contains("OLLAMA_ORIGINS contains '" + origin + "'", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3_000_000_000)]
    public void A_limit_that_no_body_can_have_stops_the_host(long bytes) =>
        Assert.True(new ApiOptionsValidator().Validate(null, new ApiOptions { BodyBytesMax = bytes }).Failed);

    [Fact]
    public async Task Bad_options_stop_the_host_when_it_starts() =>
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => ApiServer.StartAsync(options => options.Origins = ["corp.example"]));

    [Fact]
    public async Task A_server_open_to_the_network_looks_at_no_host_name()
    {
        await using var server = await ApiServer.StartAsync(options => options.LoopbackBound = false);
        using var response = await SendAsync(server, HttpMethod.Get, "evil.example", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_origin_of_the_settings_is_allowed_beside_the_local_ones()
    {
        await using var server = await ApiServer.StartAsync(options => options.Origins = ["https://chat.example"]);
        foreach (var origin in new[] { "https://chat.example", "http://localhost:3000" })
        {
            using var response = await SendAsync(server, HttpMethod.Get, "localhost", origin);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal([origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Equal(["Origin"], response.Headers.GetValues("Vary"));
        }

        using var refused = await SendAsync(server, HttpMethod.Get, "localhost", "https://chat.example:444");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Where_all_origins_are_allowed_none_is_echoed()
    {
        await using var server = await ApiServer.StartAsync(options => options.Origins = ["*"]);
        using var response = await SendAsync(server, HttpMethod.Get, "localhost", "http://evil.example");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(response.Headers.Contains("Vary"));
        using var preflight = await SendAsync(server, HttpMethod.Options, "localhost", "http://evil.example");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(["*"], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(preflight.Headers.Contains("Vary"));
    }

    [Fact]
    public void The_addresses_of_this_machine_are_known()
    {
        Assert.True(OwnAddresses.Contains(IPAddress.Loopback));
        Assert.False(OwnAddresses.Contains(IPAddress.Parse("203.0.113.7")));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ApiServer server, HttpMethod method, string host, string? origin)
    {
        using var request = new HttpRequestMessage(method, "/api/version");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await server.Client.SendAsync(request, Cancel);
    }
}
