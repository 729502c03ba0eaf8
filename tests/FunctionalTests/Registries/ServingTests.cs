using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>This server as a registry over a real store.</summary>
public sealed class ServingTests
{
    private const string DockerType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string OciType = "application/vnd.oci.image.manifest.v1+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_that_the_disk_damaged_is_asked_for_and_replaced_by_a_push()
    {
        var weights = RandomNumberGenerator.GetBytes(1000);
        await using var server = await RegistryHost.StartAsync(store => store.Model(
            "made", store.Layer("model", weights)));
        var digest = ContentDigest.Of(weights);
        var manifest = await server.Client.GetStringAsync("/v2/library/made/manifests/latest", Token);
        await File.WriteAllBytesAsync(server.BlobPath(digest), new byte[1000], Token);

        using var refused = await PutAsync(server, "/v2/me/mine/manifests/v1", manifest);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Token))!["errors"]![0]!;
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", error["code"]!.GetValue<string>());
        Assert.Equal(digest, error["detail"]!.GetValue<string>());

        // Now that it is known, nobody is told that it were here.
        using var head = await server.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, $"/v2/me/mine/blobs/{digest}"), Token);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        using var sent = await server.Client.PostAsync(
            $"/v2/me/mine/blobs/uploads/?digest={digest}", new ByteArrayContent(weights), Token);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        using var written = await PutAsync(server, "/v2/me/mine/manifests/v1", manifest);
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        Assert.Equal(weights, await server.Client.GetByteArrayAsync($"/v2/me/mine/blobs/{digest}", Token));
    }

    [Theory]
    [InlineData(null, "application/vnd.oci.image.config.v1+json", OciType)]
    [InlineData(null, "application/vnd.docker.container.image.v1+json", DockerType)]
    [InlineData(OciType, "application/vnd.docker.container.image.v1+json", OciType)]
    [InlineData("application/xhtml+xml", "application/vnd.oci.image.config.v1+json", DockerType)]
    [InlineData("application/vnd.a\r\nX: y", "application/vnd.oci.image.config.v1+json", DockerType)]
    public async Task A_manifest_is_served_as_what_it_is(string? type, string configType, string expected)
    {
        var config = "{}"u8.ToArray();
        await using var server = await RegistryHost.StartAsync(store => store.Layer("config", config));
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = new JsonObject
            {
                ["mediaType"] = configType,
                ["digest"] = ContentDigest.Of(config),
                ["size"] = config.Length,
            },
            ["layers"] = new JsonArray(),
        };
        if (type is not null)
        {
            manifest["mediaType"] = type;
        }

        using var written = await PutAsync(server, "/v2/me/mine/manifests/v1", manifest.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        using var read = await server.Client.GetAsync("/v2/me/mine/manifests/v1", Token);
        Assert.Equal(expected, read.Content.Headers.ContentType!.ToString());
        Assert.Equal(manifest.ToJsonString(), await read.Content.ReadAsStringAsync(Token));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/v2/me/mine/manifests/v1");
        again.Headers.IfNoneMatch.Add(read.Headers.ETag!);
        using var unchanged = await server.Client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_manifest_that_the_disk_damaged_is_none(string method)
    {
        await using var server = await RegistryHost.StartAsync(store =>
        {
            store.Model("made", store.Layer("model", "weights"));
            store.ManifestText("cut", """{"schemaVersion":2,"con""");
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v2/library/cut/manifests/latest");
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(
            """{"repositories":["library/made"]}""", await server.Client.GetStringAsync("/v2/_catalog", Token));
    }

    [Theory]
    [InlineData("bytes=0-0", 206, "bytes 0-0/10", "0")]
    [InlineData("bytes=8-", 206, "bytes 8-9/10", "89")]
    [InlineData("bytes=-3", 206, "bytes 7-9/10", "789")]
    [InlineData("bytes=-30", 206, "bytes 0-9/10", "0123456789")]
    [InlineData("bytes=5-99", 206, "bytes 5-9/10", "56789")]
    [InlineData("bytes=10-", 416, "bytes */10", "")]
    [InlineData("bytes=-0", 416, "bytes */10", "")]
    [InlineData("bytes=0-1,4-5", 200, null, "0123456789")]
    [InlineData("bytes=5-2", 200, null, "0123456789")]
    [InlineData("pages=1-2", 200, null, "0123456789")]
    public async Task Ranges_of_a_blob_are_as_HTTP_has_them(
        string range, int status, string? contentRange, string content)
    {
        var blob = "0123456789"u8.ToArray();
        await using var server = await RegistryHost.StartAsync(store => store.Layer("model", blob));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/a/b/blobs/{ContentDigest.Of(blob)}");
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(content, await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
    }

    private static Task<HttpResponseMessage> PutAsync(HostedServer server, string path, string manifest) =>
        server.Client.PutAsync(path, new StringContent(manifest, Encoding.UTF8, DockerType), Token);
}
