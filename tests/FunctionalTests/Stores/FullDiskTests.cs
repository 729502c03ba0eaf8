using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Registries;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>
/// A disk that fills up in the middle of what changes the store: it is told, nothing else is lost, and once there is
/// room again it goes on.
/// </summary>
public sealed class FullDiskTests
{
    private const int DiskMebibytes = 16;
    private const int Mebibyte = 1024 * 1024;
    private const string Full = "The disk that holds the store is full.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pull_is_told_and_the_next_one_goes_on_where_it_stood()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(7 * Mebibyte);
        var (arrived, sent) = (new TaskCompletionSource(), 5 * Mebibyte);
        registry.Script = async (context, stage, _) =>
        {
            var isWeights = stage == "GET blob"
                && context.Request.Path.Value!.EndsWith(digest, StringComparison.Ordinal);
            if (isWeights)
            {
                context.Response.ContentLength = registry.Blobs[digest].Length;
                await context.Response.Body.WriteAsync(registry.Blobs[digest].AsMemory(0, sent));
                await arrived.Task;
                await context.Response.Body.WriteAsync(registry.Blobs[digest].AsMemory(sent));
            }

            return isWeights;
        };
        await using var disk = await Disk.StartAsync();
        var lines = new List<JsonElement>();
        await foreach (var line in disk.PullAsync(registry.Model))
        {
            lines.Add(line);
            if (line.TryGetProperty("completed", out var completed) && completed.GetInt64() == sent)
            {
                disk.Fill();
                arrived.TrySetResult();
            }
        }

        Assert.Equal(Full, lines[^1].GetProperty("error").GetString());
        Assert.Empty(await disk.ModelsAsync());

        disk.MakeRoom();
        registry.Script = (_, _, _) => Task.FromResult(false);
        registry.Requests.Clear();
        var last = await disk.PullAsync(registry.Model).LastAsync(Token);
        Assert.Equal("success", last.GetProperty("status").GetString());
        Assert.Equal(registry.Blobs[digest], await File.ReadAllBytesAsync(disk.BlobPath(digest), Token));

        // The system counts what is left on a disk loosely: a little more may have found room.
        var range = registry.Requests.First(request => request.Stage == "GET blob").Range;
        Assert.InRange(int.Parse(range["bytes=".Length..].Split('-')[0]), sent, (7 * Mebibyte) - 1);
    }

    [Fact]
    public async Task An_upload_is_told_and_leaves_nothing()
    {
        await using var disk = await Disk.StartAsync();
        var content = RandomNumberGenerator.GetBytes((DiskMebibytes * Mebibyte) + 1);
        Assert.Equal((500, Full), await disk.UploadAsync(content));
        Assert.Empty(Directory.EnumerateFiles(disk.Blobs));
        Assert.Equal((201, ""), await disk.UploadAsync(content[..Mebibyte]));
    }

    [Fact]
    public async Task Nothing_is_created_or_copied_halfway_and_a_deletion_makes_room()
    {
        await using var disk = await Disk.StartAsync();
        var weights = await File.ReadAllBytesAsync(HandmadeStore.ChatWeights, Token);
        Assert.Equal((201, ""), await disk.UploadAsync(weights));
        var files = new JsonObject { ["a.gguf"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(weights)) };
        JsonObject Create(string model) => new()
        {
            ["model"] = model,
            ["files"] = files.DeepClone(),
            ["system"] = new string('s', 100_000),
            ["stream"] = false,
        };
        Assert.Equal((200, ""), await disk.PostAsync("api/create", Create("first")));
        disk.Fill();

        Assert.Equal((500, Full), await disk.PostAsync("api/create", Create("second")));
        var copy = new JsonObject { ["source"] = "first", ["destination"] = "third" };
        Assert.Equal((500, Full), await disk.PostAsync("api/copy", copy));
        Assert.Equal(["first:latest"], await disk.ModelsAsync());

        disk.MakeRoom();
        Assert.Equal((200, ""), await disk.PostAsync("api/create", Create("second")));
        Assert.Equal((200, ""), await disk.PostAsync("api/copy", copy));
        Assert.Equal(["first:latest", "second:latest", "third:latest"], (await disk.ModelsAsync()).Order());
        disk.Fill();
        foreach (var model in await disk.ModelsAsync())
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "api/delete")
            {
                Content = JsonContent.Create(new JsonObject { ["model"] = model }),
            };
            using var response = await disk.Client.SendAsync(request, Token);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal((201, ""), await disk.UploadAsync(weights[..Mebibyte]));
    }

    /// <summary>A server on a small disk.</summary>
    private sealed class Disk : IAsyncDisposable
    {
        private readonly TemporaryDirectory _directory;
        private readonly ServerProcess _server;

        private Disk(TemporaryDirectory directory, ServerProcess server, Uri address)
        {
            (_directory, _server) = (directory, server);
            Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
        }

        public HttpClient Client { get; }

        public string Blobs => _server.Inside(Path.Combine(_directory.Path, "blobs"));

        private string FillerPath => _server.Inside(Path.Combine(_directory.Path, "filler"));

        public static async Task<Disk> StartAsync()
        {
            var directory = new TemporaryDirectory();
            var server = await ServerProcess.StartOnDiskAsync(directory.Path, DiskMebibytes);
            Assert.SkipWhen(server is null, "This system lets nobody make a disk of his own.");
            return new Disk(directory, server, await server.AddressAsync());
        }

        public string BlobPath(string digest) => Path.Combine(Blobs, digest.Replace(':', '-'));

        /// <summary>Leaves no byte.</summary>
        public void Fill()
        {
            using var file = new FileStream(FillerPath, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            foreach (var length in new[] { Mebibyte, 4096, 1 })
            {
                try
                {
                    while (true)
                    {
                        file.Write(new byte[length]);
                    }
                }
                catch (IOException)
                {
                    // Full, to within this length.
                }
            }
        }

        public void MakeRoom() => File.Delete(FillerPath);

        public async IAsyncEnumerable<JsonElement> PullAsync(string model)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/pull")
            {
                Content = JsonContent.Create(new JsonObject { ["model"] = model, ["insecure"] = true }),
            };
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            while (await reader.ReadLineAsync(Token) is { } line)
            {
                yield return JsonElement.Parse(line);
            }
        }

        public async Task<(int Status, string Error)> UploadAsync(byte[] content)
        {
            using var body = new ByteArrayContent(content);
            return await AnswerAsync(await Client.PostAsync(
                $"api/blobs/sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", body, Token));
        }

        public async Task<(int Status, string Error)> PostAsync(string path, JsonObject body) =>
            await AnswerAsync(await Client.PostAsJsonAsync(path, body, Token));

        public async Task<IReadOnlyList<string>> ModelsAsync()
        {
            var list = await Client.GetFromJsonAsync<JsonElement>("api/tags", Token);
            return
            [
                .. list.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()!),
            ];
        }

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            _server.Dispose();
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }

        private static async Task<(int Status, string Error)> AnswerAsync(HttpResponseMessage response)
        {
            using (response)
            {
                var body = await response.Content.ReadAsStringAsync(Token);
                return ((int)response.StatusCode, response.IsSuccessStatusCode
                    ? ""
                    : JsonElement.Parse(body).GetProperty("error").GetString()!);
            }
        }
    }
}
