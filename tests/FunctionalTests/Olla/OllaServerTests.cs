using System.Net.Http.Json;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Olla;

/// <summary>Headers and status of Olla's routes over real connections.</summary>
public sealed class OllaServerTests(OllaFixture fixture) : IClassFixture<OllaFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_has_its_headers_before_its_first_line()
    {
        using var response = await fixture.Server.OpenAsync(
            "stream", "/olla/ollama/api/generate",
            "{\"model\":\"tiny-chat\",\"prompt\":\"Count from 1 to 100.\","
            + "\"options\":{\"max_tokens\":8,\"temperature\":0}}",
            Token);
        Assert.Equal("tiny-chat:latest", One(response, "X-Olla-Model"));
        Assert.Equal("ollama", One(response, "X-Olla-Backend-Type"));
        Assert.Equal(One(response, "X-Request-ID"), One(response, "X-Olla-Request-ID"));
        Assert.Matches("^[0-9]+ms$", One(response, "X-Olla-Response-Time"));
        Assert.StartsWith("first-byte;dur=", One(response, "Server-Timing"));
        Assert.Equal("routed", One(response, "X-Olla-Routing-Decision"));

        var lines = await response.Content.ReadAsStringAsync(Token);
        var last = JsonElement.Parse(lines.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal("length", last.GetProperty("done_reason").GetString());
        Assert.Equal(8, last.GetProperty("eval_count").GetInt32());
    }

    [Fact]
    public async Task The_other_port_answers_the_same()
    {
        var other = fixture.Server.Addresses.Single(address => address != fixture.Server.Address);
        foreach (var path in new[] { "/", "/olla/ollama/", "/api/version", "/internal/health", "/ready" })
        {
            Assert.Equal(
                await fixture.Server.Client.GetStringAsync(path, Token),
                await fixture.Server.Client.GetStringAsync(new Uri(other, path), Token));
        }
    }

    [Fact]
    public async Task The_status_tells_what_happened()
    {
        await fixture.Server.AskAsync(
            "/olla/ollama/api/embeddings", "{\"name\":\"tiny-embed\",\"prompt\":\"What is the capital of France?\"}");
        using var response = await fixture.Server.Client.GetAsync("/internal/status", Token);
        var status = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        var (system, endpoint) = (status.GetProperty("system"), status.GetProperty("endpoints")[0]);
        Assert.True(system.GetProperty("total_requests").GetInt64() >= 1);
        Assert.Equal(endpoint.GetProperty("requests").GetInt64(), system.GetProperty("total_requests").GetInt64());
        Assert.Equal(2, endpoint.GetProperty("models").GetProperty("count").GetInt32());
        Assert.Equal(fixture.Server.Address.GetLeftPart(UriPartial.Authority), endpoint.GetProperty("url").GetString());
        Assert.Equal("1/1", system.GetProperty("endpoints_up").GetString());
        Assert.NotEqual("0 B", system.GetProperty("total_traffic").GetString());
        var models = await fixture.Server.Client.GetFromJsonAsync<JsonElement>("/olla/models/tiny-embed", Token);
        var place = models.GetProperty("olla").GetProperty("availability")[0];
        Assert.Equal("loaded", place.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_legacy_vector_comes_with_what_it_cost()
    {
        var reply = await fixture.Server.AskAsync(
            "/olla/ollama/api/embeddings", "{\"model\":\"tiny-embed\",\"prompt\":\"What is the capital of France?\"}");
        Assert.Equal(128, reply.GetProperty("embedding").GetArrayLength());
        Assert.Equal("tiny-embed", reply.GetProperty("model").GetString());
        Assert.True(reply.GetProperty("prompt_eval_count").GetInt32() > 0);
        Assert.True(reply.GetProperty("total_duration").GetInt64() > 0);
    }

    [Fact]
    public async Task An_upload_goes_through_and_a_bad_one_is_refused()
    {
        var content = "olla"u8.ToArray();
        var digest = ContentDigest.Of(content);
        using var good = await fixture.Server.Client.PostAsync(
            $"/olla/ollama/api/blobs/{digest}", new ByteArrayContent(content), Token);
        Assert.Equal(201, (int)good.StatusCode);
        using var bad = await fixture.Server.Client.PostAsync(
            $"/olla/ollama/api/blobs/{digest[..^1]}x", new ByteArrayContent(content), Token);
        Assert.Equal(400, (int)bad.StatusCode);
        Assert.Equal("{\"error\":\"invalid digest format\"}", await bad.Content.ReadAsStringAsync(Token));
    }

    private static string One(HttpResponseMessage response, string name) =>
        Assert.Single(response.Headers.GetValues(name));
}
