using System.Security.Cryptography;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>Models made of uploaded files, by the real host.</summary>
public sealed class CreationTests
{
    private const string Greedy = "\"stream\":false,\"think\":false,\"options\":{\"temperature\":0,\"num_predict\":24}";

    private const string Question = "What is the capital of France?";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_uploaded_file_answers_as_the_shipped_one_and_an_adapter_changes_the_answer()
    {
        await using var server = await HostedServer.StartAsync();
        var adapterPath = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-pirate-lora.gguf");
        var weights = await UploadAsync(server, await File.ReadAllBytesAsync(HandmadeStore.ChatWeights, Token));
        var adapter = await UploadAsync(server, await File.ReadAllBytesAsync(adapterPath, Token));

        await CreateAsync(server, $"{{\"model\":\"mine\",\"files\":{{\"m.gguf\":\"{weights}\"}},\"stream\":false}}");
        await CreateAsync(
            server,
            $"{{\"model\":\"pirate\",\"from\":\"mine\",\"adapters\":{{\"a.gguf\":\"{adapter}\"}},\"stream\":false}}");

        var (shipped, mine, pirate) = (
            await AnswerAsync(server, "tiny-chat"), await AnswerAsync(server, "mine"),
            await AnswerAsync(server, "pirate"));
        Assert.Equal(shipped, mine);
        Assert.NotEqual(mine, pirate);
        var shown = await server.AskAsync("/api/show", "{\"model\":\"pirate\"}");
        Assert.Equal("mine:latest", shown.GetProperty("details").GetProperty("parent_model").GetString());

        // What is shown can be sent back, with its paths.
        var modelfile = shown.GetProperty("modelfile").GetRawText();
        await CreateAsync(server, $"{{\"model\":\"again\",\"modelfile\":{modelfile},\"stream\":false}}");
        Assert.Equal(pirate, await AnswerAsync(server, "again"));
    }

    [Fact]
    public async Task A_blob_is_uploaded_once_and_only_under_its_own_digest()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Equal(404, await HeadAsync(server, digest));
        Assert.Equal(201, await PostAsync(server, digest, content));
        Assert.Equal(200, await HeadAsync(server, digest));
        Assert.Equal(200, await PostAsync(server, digest, content));
        content[7] ^= 1;
        Assert.Equal(400, await PostAsync(server, "sha256:" + new string('a', 64), content));
        Assert.Equal(404, await HeadAsync(server, "sha256:" + new string('a', 64)));
    }

    private static async Task<string> UploadAsync(HostedServer server, byte[] content)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.InRange(await PostAsync(server, digest, content), 200, 201);
        return digest;
    }

    private static async Task<int> HeadAsync(HostedServer server, string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/blobs/" + digest);
        using var response = await server.Client.SendAsync(request, Token);
        return (int)response.StatusCode;
    }

    private static async Task<int> PostAsync(HostedServer server, string digest, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var response = await server.Client.PostAsync("/api/blobs/" + digest, body, Token);
        return (int)response.StatusCode;
    }

    private static async Task CreateAsync(HostedServer server, string json) =>
        Assert.Equal((200, "{\"status\":\"success\"}"), await server.PostAsync("/api/create", json));

    private static async Task<string> AnswerAsync(HostedServer server, string model)
    {
        var answer = await server.AskAsync(
            "/api/chat",
            $"{{\"model\":\"{model}\",{Greedy},\"messages\":[{{\"role\":\"user\",\"content\":\"{Question}\"}}]}}");
        return answer.GetProperty("message").GetProperty("content").GetString()!;
    }
}
