using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>Models made of uploaded files, by the real host.</summary>
public sealed class CreationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_uploaded_file_answers_as_the_shipped_one_and_an_adapter_changes_the_answer()
    {
        await using var server = await HostedServer.StartAsync();
        var adapterPath = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-pirate-lora.gguf");
        var weights = await server.UploadAsync(await File.ReadAllBytesAsync(HandmadeStore.ChatWeights, Token));
        var adapter = await server.UploadAsync(await File.ReadAllBytesAsync(adapterPath, Token));

        await server.CreateAsync(
            new JsonObject { ["model"] = "mine", ["files"] = new JsonObject { ["m.gguf"] = weights } });
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "pirate",
            ["from"] = "mine",
            ["adapters"] = new JsonObject { ["a.gguf"] = adapter },
            ["stream"] = false,
        });

        var (shipped, mine, pirate) = (
            await server.AnswerAsync("tiny-chat"), await server.AnswerAsync("mine"),
            await server.AnswerAsync("pirate"));
        Assert.Equal(shipped, mine);
        Assert.NotEqual(mine, pirate);
        var shown = await server.AskAsync("/api/show", "{\"model\":\"pirate\"}");
        Assert.Equal("mine:latest", shown.GetProperty("details").GetProperty("parent_model").GetString());

        // What is shown can be sent back, with its paths.
        await server.CreateAsync(
            new JsonObject { ["model"] = "again", ["modelfile"] = shown.GetProperty("modelfile").GetString() });
        Assert.Equal(pirate, await server.AnswerAsync("again"));
    }

    [Fact]
    public async Task A_blob_is_uploaded_once_and_only_under_its_own_digest()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var digest = ContentDigest.Of(content);
        Assert.Equal(404, await HeadAsync(server, digest));
        Assert.Equal(201, await server.UploadAsync(digest, content));
        Assert.Equal(200, await HeadAsync(server, digest));
        Assert.Equal(200, await server.UploadAsync(digest, content));
        content[7] ^= 1;
        Assert.Equal(400, await server.UploadAsync("sha256:" + new string('a', 64), content));
        Assert.Equal(404, await HeadAsync(server, "sha256:" + new string('a', 64)));
    }

    [Fact]
    public async Task A_blob_that_the_disk_damaged_is_uploaded_again()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        var content = RandomNumberGenerator.GetBytes(300_000);
        var digest = await server.UploadAsync(content);
        var path = Path.Combine(server.Store, "blobs", digest.Replace(':', '-'));
        byte[] damaged = [.. content[..^1], (byte)~content[^1]];
        await File.WriteAllBytesAsync(path, damaged, Token);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(404, await HeadAsync(server, digest));
        Assert.Equal(400, await server.UploadAsync(digest, damaged));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(path, Token));
        Assert.Equal(201, await server.UploadAsync(digest, content));
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
        Assert.Equal(200, await HeadAsync(server, digest));
    }

    [Theory]
    [InlineData("renderer", "x", 400, "unknown renderer \"x\"")]
    [InlineData("parser", "x", 400, "unknown parser \"x\"")]
    [InlineData("template", "{{ .Bad", 400, "template error: ")]
    [InlineData("quantize", "q3", 500, "unsupported quantization type Q3 - ")]
    public async Task What_could_not_be_served_is_refused_with_a_status(
        string field, string value, int status, string error)
    {
        await using var server = await HostedServer.StartAsync();
        var request = new JsonObject
        {
            ["model"] = "bad",
            ["files"] = new JsonObject { ["model.safetensors"] = "sha256:" + new string('a', 64) },
            [field] = value,
        };

        var (answered, body) = await server.PostAsync("/api/create", request.ToJsonString());

        Assert.Equal(status, answered);
        Assert.StartsWith(error, JsonNode.Parse(body)!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(404, (await server.PostAsync("/api/show", "{\"model\":\"bad\"}")).Status);
    }

    private static async Task<int> HeadAsync(HostedServer server, string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/blobs/" + digest);
        using var response = await server.Client.SendAsync(request, Token);
        return (int)response.StatusCode;
    }
}
