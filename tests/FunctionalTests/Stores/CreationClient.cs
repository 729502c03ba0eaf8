using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>Uploads files, has models made of them and asks them, as a client does.</summary>
internal static class CreationClient
{
    private const string Question = "What is the capital of France?";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Uploads bytes and returns their digest.</summary>
    public static async Task<string> UploadAsync(this HostedServer server, byte[] content)
    {
        var digest = ContentDigest.Of(content);
        Assert.InRange(await server.UploadAsync(digest, content), 200, 201);
        return digest;
    }

    /// <summary>Uploads bytes under a digest and returns the status.</summary>
    public static async Task<int> UploadAsync(this HostedServer server, string digest, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var response = await server.Client.PostAsync("/api/blobs/" + digest, body, Token);
        return (int)response.StatusCode;
    }

    /// <summary>Uploads every file of a folder and returns the digests by relative name.</summary>
    public static async Task<JsonObject> UploadFolderAsync(this HostedServer server, string folder)
    {
        var files = new JsonObject();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            files[Path.GetRelativePath(folder, path)] =
                await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
        }

        return files;
    }

    /// <summary>Creates a model, which must succeed, and returns what was said.</summary>
    public static async Task<IReadOnlyList<string>> CreateAsync(this HostedServer server, JsonObject request)
    {
        var (status, body) = await server.PostAsync("/api/create", request.ToJsonString());
        Assert.True(status == 200, $"{status}: {body}");
        var said = body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line).TryGetProperty("status", out var text) ? text.GetString()! : line)
            .ToList();
        Assert.Equal("success", said[^1]);
        return said;
    }

    /// <summary>What a model answers when it always takes the likeliest token.</summary>
    public static async Task<string> AnswerAsync(this HostedServer server, string model)
    {
        var answer = await server.AskAsync(
            "/api/chat",
            $$$"""
            {"model":"{{{model}}}","stream":false,"think":false,"options":{"temperature":0,"num_predict":24},
             "messages":[{"role":"user","content":"{{{Question}}}"}]}
            """);
        return answer.GetProperty("message").GetProperty("content").GetString()!;
    }

    /// <summary>One of the details that <c>/api/show</c> gives.</summary>
    public static async Task<string?> DetailAsync(this HostedServer server, string model, string name) =>
        (await server.AskAsync("/api/show", $$"""{"model":"{{model}}"}"""))
            .GetProperty("details").GetProperty(name).GetString();

    /// <summary>The files of the store, relative to it.</summary>
    public static IReadOnlyList<string> StoredFiles(this HostedServer server) =>
    [
        .. Directory.EnumerateFiles(server.Store, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(server.Store, path)).Order(StringComparer.Ordinal),
    ];
}
