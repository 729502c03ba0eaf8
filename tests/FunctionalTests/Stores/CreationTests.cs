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
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Equal(404, await HeadAsync(server, digest));
        Assert.Equal(201, await server.UploadAsync(digest, content));
        Assert.Equal(200, await HeadAsync(server, digest));
        Assert.Equal(200, await server.UploadAsync(digest, content));
        content[7] ^= 1;
        Assert.Equal(400, await server.UploadAsync("sha256:" + new string('a', 64), content));
        Assert.Equal(404, await HeadAsync(server, "sha256:" + new string('a', 64)));
    }

    private static async Task<int> HeadAsync(HostedServer server, string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/blobs/" + digest);
        using var response = await server.Client.SendAsync(request, Token);
        return (int)response.StatusCode;
    }
}
