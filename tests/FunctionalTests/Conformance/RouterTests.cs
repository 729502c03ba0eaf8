using System.Net;
using System.Net.Http.Headers;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Conformance;

/// <summary>Routes, methods, origins and hosts through the real server.</summary>
[Collection(nameof(SharedServer))]
public sealed class RouterTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/", 200, "text/plain; charset=utf-8", "Ollama is running")]
    [InlineData("HEAD", "/", 200, "text/plain; charset=utf-8", "")]
    [InlineData("HEAD", "/api/version", 200, "application/json; charset=utf-8", "")]
    [InlineData("HEAD", "/api/tags", 200, "application/json; charset=utf-8", "")]
    [InlineData("GET", "/api/show", 405, "text/plain", "405 method not allowed")]
    [InlineData("GET", "/api/chat", 405, "text/plain", "405 method not allowed")]
    [InlineData("POST", "/api/ps", 405, "text/plain", "405 method not allowed")]
    [InlineData("DELETE", "/api/tags", 405, "text/plain", "405 method not allowed")]
    [InlineData("GET", "/api", 404, "text/plain", "404 page not found")]
    [InlineData("GET", "/metrics", 404, "text/plain", "404 page not found")]
    [InlineData("GET", "/api/tokenize", 405, "text/plain", "405 method not allowed")]
    [InlineData("GET", "/API/tags", 404, "text/plain", "404 page not found")]
    public async Task A_route_answers(string method, string path, int status, string type, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("GET", "/api/tags/", 301, "/api/tags")]
    [InlineData("POST", "/api/chat/", 307, "/api/chat")]
    public async Task A_trailing_slash_is_redirected(string method, string path, int status, string location)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = server.Address,
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_version_is_all_of_its_answer()
    {
        var body = await server.Client.GetStringAsync("/api/version", Token);
        Assert.Matches("^\\{\"version\":\"[0-9]+\\.[0-9]+\\.[0-9]+[^\"]*\"\\}$", body);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:11434", 403)]
    [InlineData("8.8.8.8", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:80", 200)]
    [InlineData("foo.local", 200)]
    [InlineData("foo.localhost", 200)]
    [InlineData("foo.internal", 200)]
    [InlineData("192.168.1.5:11434", 200)]
    [InlineData("10.0.0.1", 200)]
    [InlineData("127.9.9.9", 200)]
    [InlineData("0.0.0.0", 200)]
    [InlineData("[::1]:11434", 200)]
    public async Task A_foreign_host_is_refused(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tags");
        request.Headers.Host = host;
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 403, (await response.Content.ReadAsStringAsync(Token)).Length == 0);
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("https://localhost.evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("chrome-extension://abc", 403)]
    [InlineData("http://localhost", 200)]
    [InlineData("http://localhost:5173", 200)]
    [InlineData("https://127.0.0.1:8080", 200)]
    [InlineData("app://obsidian.md", 200)]
    [InlineData("tauri://localhost", 200)]
    [InlineData("vscode-webview://1a2b", 200)]
    public async Task A_foreign_origin_is_refused_and_a_local_one_is_echoed(string origin, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/version");
        request.Headers.Add("Origin", origin);
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        var echoed = response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values)
            ? Assert.Single(values)
            : null;
        Assert.Equal(status == 200 ? origin : null, echoed);
    }

    [Fact]
    public async Task A_preflight_of_a_local_origin_is_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/chat");
        request.Headers.Add("Origin", "http://localhost:5173");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("43200", Assert.Single(response.Headers.GetValues("Access-Control-Max-Age")));
        Assert.DoesNotContain(response.Headers, header => header.Key == "Access-Control-Allow-Credentials");
    }

    [Fact]
    public async Task An_origin_of_the_operators_is_allowed()
    {
        await using var open = await HostedServer.StartAsync(
            options => options with { Origins = ["https://chat.example", "https://*.tools.example"] });
        Assert.Equal(200, await StatusAsync("https://chat.example"));
        Assert.Equal(200, await StatusAsync("https://a.tools.example"));
        Assert.Equal(403, await StatusAsync("https://other.example"));

        async Task<int> StatusAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Origin", origin);
            using var response = await open.Client.SendAsync(request, Token);
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task The_content_type_of_a_request_does_not_matter(string? type)
    {
        using var content = new StringContent("{\"MODEL\":\"tiny-chat\"} trailing");
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await server.Client.PostAsync("/api/show", content, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
