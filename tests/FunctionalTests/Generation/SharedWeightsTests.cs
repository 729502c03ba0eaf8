using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>
/// A model, the same with a LoRA adapter, and the same under another name: loaded once, by the real host.
/// </summary>
public sealed class SharedWeightsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_with_and_without_an_adapter_answer_at_a_time_from_weights_loaded_once()
    {
        await using var server = await HostedServer.StartAsync();
        await CreateAsync(server);
        var alone = (await server.AnswerAsync("tiny-chat"), await server.AnswerAsync("pirate"));
        Assert.StartsWith("Arr, matey!", alone.Item2, StringComparison.Ordinal);
        Assert.DoesNotContain("Arr", alone.Item1, StringComparison.Ordinal);

        // The same prompt in every slot: nobody may be served from the cells of the others.
        string[] names = ["tiny-chat", "pirate", "polite", "pirate", "tiny-chat", "pirate", "polite", "tiny-chat"];
        var answers = await Task.WhenAll(names.Select(name => Task.Run(() => server.AnswerAsync(name), Token)));
        Assert.Equal([.. names.Select(name => name == "pirate" ? alone.Item2 : alone.Item1)], answers);
        Assert.Equal(1, server.Loads.Count);

        var loaded = await server.LoadedAsync();
        Assert.Equal(
            ["pirate:latest", "polite:latest", "tiny-chat:latest"],
            loaded.Select(model => model.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.InRange(SizeOf(loaded, "pirate") - SizeOf(loaded, "tiny-chat"), 200_000, 2_000_000);
        Assert.Equal(SizeOf(loaded, "tiny-chat"), SizeOf(loaded, "polite"));
    }

    [Fact]
    public async Task Unloading_one_name_ends_nothing_of_the_others()
    {
        await using var server = await HostedServer.StartAsync();
        await CreateAsync(server);
        var expected = await server.AnswerAsync("pirate");
        await server.AnswerAsync("tiny-chat");
        await server.AskAsync("/api/generate", """{"model":"tiny-chat","keep_alive":0}""");
        Assert.Equal(["pirate:latest"], await server.LoadedNamesAsync());
        Assert.Equal(expected, await server.AnswerAsync("pirate"));
        Assert.Equal(1, server.Loads.Count);
        await server.AskAsync("/api/generate", """{"model":"pirate","keep_alive":0}""");
        Assert.Empty(await server.LoadedNamesAsync());
        Assert.Equal(expected, await server.AnswerAsync("pirate"));
        Assert.Equal(2, server.Loads.Count);
    }

    [Fact]
    public async Task An_adapter_of_another_model_refuses_its_own_requests_and_nobody_elses()
    {
        await using var server = await HostedServer.StartAsync();
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-pirate-lora.gguf");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        // Another rank of the first tensor than the file has numbers for would be noticed before; another name is not.
        var name = "blk.0.attn_q.weight.lora_a"u8;
        bytes.AsSpan(bytes.AsSpan().IndexOf(name) + name.Length - 1, 1)[0] = (byte)'x';
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "odd",
            ["from"] = "tiny-chat",
            ["adapters"] = new JsonObject { ["a.gguf"] = await server.UploadAsync(bytes) },
        });
        var plain = await server.AnswerAsync("tiny-chat");
        var (status, body) = await server.PostAsync(
            "/api/generate", """{"model":"odd","prompt":"Hello","stream":false}""");
        Assert.Equal(500, status);
        Assert.Contains("error", body, StringComparison.Ordinal);
        Assert.Equal(plain, await server.AnswerAsync("tiny-chat"));
        Assert.Equal(1, server.Loads.Count);
    }

    private static long SizeOf(IReadOnlyList<JsonElement> loaded, string name) => loaded
        .Single(model => model.GetProperty("name").GetString() == name + ":latest").GetProperty("size").GetInt64();

    private static async Task CreateAsync(HostedServer server)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-pirate-lora.gguf");
        var adapter = await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "pirate",
            ["from"] = "tiny-chat",
            ["adapters"] = new JsonObject { ["a.gguf"] = adapter },
        });
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "polite",
            ["from"] = "tiny-chat",
            ["parameters"] = new JsonObject { ["temperature"] = 0.1 },
        });
    }
}
