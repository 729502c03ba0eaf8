using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Registries and tools that others wrote, and this server on both ends.</summary>
public sealed class PeerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_goes_to_docker_registry_and_comes_back_byte_by_byte()
    {
        using var registry = await DockerRegistry.StartAsync();
        await using var source = await RegistryHost.StartAsync(MakeModel);
        await using var target = await RegistryHost.StartAsync();
        var name = $"{registry.Host}/library/made:latest";
        await CopyAsync(source, "made", name);

        await source.SucceedAsync("push", name);
        await source.SucceedAsync("push", name);
        await target.SucceedAsync("pull", name);

        await AssertSameAsync(source, target, name);
    }

    [Fact]
    public async Task A_model_goes_from_host_to_host_in_both_directions()
    {
        await using var first = await RegistryHost.StartAsync(MakeModel);
        await using var second = await RegistryHost.StartAsync();

        var pulled = $"{first.Address.Authority}/library/made:latest";
        await second.SucceedAsync("pull", pulled);
        await CopyAsync(first, "made", pulled);
        await AssertSameAsync(first, second, pulled);

        var pushed = $"{second.Address.Authority}/team/again:v1";
        await CopyAsync(first, "made", pushed);
        await first.SucceedAsync("push", pushed);
        Assert.Equal(
            await File.ReadAllBytesAsync(first.ManifestPath(pulled), Token),
            await File.ReadAllBytesAsync(
                Path.Combine(second.Store, "manifests/registry.ollama.ai/team/again/v1"), Token));

        // What came from elsewhere is served under the host that it came from.
        using var response = await second.Client.GetAsync(
            $"/v2/{pulled.Replace(":latest", "")}/manifests/latest", Token);
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(
            $"{{\"repositories\":[\"{first.Address.Authority}/library/made\",\"team/again\"]}}",
            await second.Client.GetStringAsync("/v2/_catalog", Token));
    }

    [Fact]
    public async Task Skopeo_copies_to_and_from_here_byte_by_byte()
    {
        PeerBinary.Require("skopeo");
        await using var server = await RegistryHost.StartAsync(MakeModel);
        using var folder = new TemporaryDirectory();
        var (there, back) = (Path.Combine(folder.Path, "there"), Path.Combine(folder.Path, "back"));
        WriteImage(server, there);
        var image = $"docker://{server.Address.Authority}/tools/copied:x";

        await PeerBinary.RunAsync(
            "skopeo", "copy", "--dest-tls-verify=false", "--preserve-digests", $"dir:{there}", image);
        await PeerBinary.RunAsync("skopeo", "copy", "--src-tls-verify=false", image, $"dir:{back}");

        Assert.Equal(
            Directory.EnumerateFiles(there).Select(Path.GetFileName).Order(),
            Directory.EnumerateFiles(back).Select(Path.GetFileName).Order());
        foreach (var file in Directory.EnumerateFiles(there))
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(file, Token),
                await File.ReadAllBytesAsync(Path.Combine(back, Path.GetFileName(file)), Token));
        }

        var tags = await PeerBinary.RunAsync("skopeo", "list-tags", "--tls-verify=false", image[..^2]);
        Assert.Equal("x", JsonNode.Parse(tags)!["Tags"]![0]!.GetValue<string>());
        await PeerBinary.RunAsync("skopeo", "delete", "--tls-verify=false", image);
        Assert.Equal(404, (int)(await server.Client.GetAsync("/v2/tools/copied/tags/list", Token)).StatusCode);
    }

    [Fact]
    public async Task Skopeo_copies_a_model_as_Ollama_makes_it_to_another_host_and_deletes_it()
    {
        PeerBinary.Require("skopeo");
        await using var source = await RegistryHost.StartAsync(MakeModel);
        await using var target = await RegistryHost.StartAsync();
        var from = $"docker://{source.Address.Authority}/library/made:latest";
        var to = $"docker://{target.Address.Authority}/library/made:latest";

        await PeerBinary.RunAsync("skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", from, to);

        var original = JsonNode.Parse(await source.Client.GetStringAsync("/v2/made/manifests/latest", Token))!;
        var copy = JsonNode.Parse(await target.Client.GetStringAsync("/v2/made/manifests/latest", Token))!;
        Assert.Equal("application/vnd.oci.image.manifest.v1+json", copy["mediaType"]!.GetValue<string>());
        Assert.Equal(original["layers"]!.ToJsonString(), copy["layers"]!.ToJsonString());
        Assert.Contains("\"made:latest\"", await target.Client.GetStringAsync("/api/tags", Token));

        // What it is told to be the digest is what it asks for and deletes by.
        var inspected = await PeerBinary.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", from);
        var digest = "sha256:" + ContentDigest.HexOf(inspected);
        Assert.Equal(inspected, await source.Client.GetStringAsync($"/v2/made/manifests/{digest}", Token));
        await PeerBinary.RunAsync("skopeo", "delete", "--tls-verify=false", from);
        Assert.Equal(404, (int)(await source.Client.GetAsync("/v2/made/tags/list", Token)).StatusCode);
    }

    [Fact]
    public async Task Skopeo_moves_a_model_from_docker_registry_to_here()
    {
        PeerBinary.Require("skopeo");
        using var registry = await DockerRegistry.StartAsync();
        await using var server = await RegistryHost.StartAsync(MakeModel);
        using var folder = new TemporaryDirectory();
        var image = Path.Combine(folder.Path, "image");
        WriteImage(server, image);
        var from = $"docker://{registry.Host}/tools/moved:x";
        var to = $"docker://{server.Address.Authority}/tools/moved:x";

        await PeerBinary.RunAsync(
            "skopeo", "copy", "--dest-tls-verify=false", "--preserve-digests", $"dir:{image}", from);
        await PeerBinary.RunAsync("skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", from, to);

        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(image, "manifest.json"), Token),
            await server.Client.GetByteArrayAsync("/v2/tools/moved/manifests/x", Token));
    }

    /// <summary>Each step as a stock Ollama takes it when it pulls from a server.</summary>
    [Fact]
    public async Task A_stock_Ollama_finds_all_it_needs_for_a_pull()
    {
        await using var server = await RegistryHost.StartAsync(MakeModel);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = server.Address,
        };
        using var wanted = new HttpRequestMessage(HttpMethod.Get, "/v2/library/made/manifests/latest");
        wanted.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json");
        using var manifest = await client.SendAsync(wanted, Token);
        Assert.Equal(200, (int)manifest.StatusCode);
        Assert.Equal(wanted.Headers.Accept.ToString(), manifest.Content.Headers.ContentType!.ToString());
        var json = JsonNode.Parse(await manifest.Content.ReadAsStringAsync(Token))!;
        foreach (var layer in json["layers"]!.AsArray().Append(json["config"]))
        {
            var (digest, size) = (layer!["digest"]!.GetValue<string>(), layer["size"]!.GetValue<int>());
            var address = new Uri(server.Address, $"/v2/library/made/blobs/{digest}");
            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address), Token);
            Assert.Equal(size, head.Content.Headers.ContentLength);

            // The probe: without a Location it would not go on.
            using var probe = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal(200, (int)probe.StatusCode);
            var direct = new Uri(address, probe.Headers.Location!);

            // Ranges go to that address, without authorization; the status is not looked at.
            var content = new MemoryStream();
            foreach (var (from, to) in new[] { (0, (size / 2) - 1), (size / 2, size - 1) })
            {
                using var part = new HttpRequestMessage(HttpMethod.Get, direct);
                part.Headers.Range = new RangeHeaderValue(from, to);
                using var response = await client.SendAsync(part, Token);
                Assert.Equal(206, (int)response.StatusCode);
                await response.Content.CopyToAsync(content, Token);
            }

            Assert.Equal(await File.ReadAllBytesAsync(server.BlobPath(digest), Token), content.ToArray());
        }
    }

    /// <summary>Each step as a stock Ollama takes it when it pushes to a server.</summary>
    [Fact]
    public async Task A_stock_Ollama_finds_all_it_needs_for_a_push()
    {
        await using var server = await RegistryHost.StartAsync(MakeModel);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
        var bytes = new byte[1000];
        var digest = ContentDigest.Of(bytes);
        using var head = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, $"/v2/me/mine/blobs/{digest}"), Token);
        Assert.Equal(404, (int)head.StatusCode);
        using var begun = await client.PostAsync("/v2/me/mine/blobs/uploads/", null, Token);
        Assert.Equal(202, (int)begun.StatusCode);
        var location = begun.Headers.Location!;
        for (var offset = 0; offset < bytes.Length; offset += 500)
        {
            Assert.True(location.IsAbsoluteUri);
            using var piece = new HttpRequestMessage(HttpMethod.Patch, location)
            {
                Content = new ByteArrayContent(bytes, offset, 500),
            };
            piece.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
            piece.Content.Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{offset + 499}");
            piece.Headers.Add("X-Redirect-Uploads", "1");
            using var taken = await client.SendAsync(piece, Token);
            Assert.Equal(202, (int)taken.StatusCode);
            location = taken.Headers.Location!;
        }

        using var done = await client.PutAsync(
            $"{location}?digest={digest}&etag=00000000000000000000000000000000-2", null, Token);
        Assert.Equal(201, (int)done.StatusCode);
        using var mounted = await client.PostAsync(
            $"/v2/me/other/blobs/uploads/?mount={digest}&from=me/mine", null, Token);
        Assert.Equal(201, (int)mounted.StatusCode);

        var text = await client.GetStringAsync("/v2/library/made/manifests/latest", Token);
        using var manifest = new StringContent(text);
        manifest.Headers.ContentType = new("application/vnd.docker.distribution.manifest.v2+json");
        using var written = await client.PutAsync("/v2/me/mine/manifests/latest", manifest, Token);
        Assert.Equal(201, (int)written.StatusCode);
        Assert.Contains("me/mine:latest", await client.GetStringAsync("/api/tags", Token));
    }

    [Fact]
    public async Task The_official_client_pushes_and_pulls()
    {
        await using var registry = await RegistryHost.StartAsync();
        await using var server = await RegistryHost.StartAsync(MakeModel);
        var name = $"{registry.Address.Authority}/library/made:latest";
        var seen = await NodeClient.RunAsync("registry.mjs", server.Address, name, Token);
        Assert.Equal("success", seen.GetProperty("pushed").GetString());
        Assert.Equal("success", seen.GetProperty("pulled").GetString());
        Assert.Equal("success", seen.GetProperty("pulledAtOnce").GetString());
        Assert.True(seen.GetProperty("layers").GetInt32() >= 2);
        Assert.Equal(
            "pull model manifest: file does not exist", seen.GetProperty("missing").GetString());
        Assert.True(File.Exists(server.ManifestPath(name)));
    }

    private static void MakeModel(HandmadeStore store) => store.Model(
        "made", store.Layer("model", System.Security.Cryptography.RandomNumberGenerator.GetBytes(200_000)),
        store.Layer("license", "MIT"));

    private static async Task CopyAsync(HostedServer server, string from, string to) => Assert.Equal(
        200, (await server.PostAsync("/api/copy", $$"""{"source":"{{from}}","destination":"{{to}}"}""")).Status);

    private static async Task AssertSameAsync(HostedServer source, HostedServer target, string name)
    {
        var manifest = await File.ReadAllBytesAsync(source.ManifestPath(name), Token);
        Assert.Equal(manifest, await File.ReadAllBytesAsync(target.ManifestPath(name), Token));
        var json = JsonNode.Parse(manifest)!;
        foreach (var layer in json["layers"]!.AsArray().Append(json["config"]))
        {
            var digest = layer!["digest"]!.GetValue<string>();
            Assert.Equal(
                await File.ReadAllBytesAsync(source.BlobPath(digest), Token),
                await File.ReadAllBytesAsync(target.BlobPath(digest), Token));
        }
    }

    /// <summary>
    /// Writes the model as an image in skopeo's own folder. The manifest has OCI's type: in Docker's, skopeo takes no
    /// layer types but Docker's own.
    /// </summary>
    private static void WriteImage(HostedServer server, string folder)
    {
        Directory.CreateDirectory(folder);
        var json = JsonNode.Parse(File.ReadAllBytes(server.ManifestPath("registry.ollama.ai/library/made:latest")))!;
        json["mediaType"] = "application/vnd.oci.image.manifest.v1+json";
        json["config"]!["mediaType"] = "application/vnd.oci.image.config.v1+json";
        File.WriteAllText(Path.Combine(folder, "manifest.json"), json.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "version"), "Directory Transport Version: 1.1\n");
        foreach (var layer in json["layers"]!.AsArray().Append(json["config"]))
        {
            var digest = layer!["digest"]!.GetValue<string>();
            File.Copy(server.BlobPath(digest), Path.Combine(folder, digest["sha256:".Length..]));
        }
    }
}
