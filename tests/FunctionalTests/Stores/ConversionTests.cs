using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.UnitTests.BlobStore.Conversion;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>Models made of safetensors files, by the real host: they answer as those that they are twins of.</summary>
public sealed class ConversionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_model_of_safetensors_answers_as_the_shipped_one_and_takes_an_adapter()
    {
        using var folder = new TemporaryDirectory();
        TwinFolder.Write("tiny-chat", folder.Path, fileCount: 3);
        await using var server = await HostedServer.StartAsync();
        var files = await server.UploadFolderAsync(folder.Path);
        var adapter = await server.UploadFolderAsync(Path.Combine(TwinFolder.Originals, "tiny-chat-pirate-lora"));

        var said = await server.CreateAsync(new JsonObject { ["model"] = "twin", ["files"] = files });
        Assert.Equal(["converting model", "verifying conversion"], said.Take(2));
        said = await server.CreateAsync(
            new JsonObject { ["model"] = "pirate", ["from"] = "twin", ["adapters"] = adapter });
        Assert.Equal(["converting adapter", "verifying conversion"], said.Take(2));

        Assert.Equal(await server.AnswerAsync("tiny-chat"), await server.AnswerAsync("twin"));
        Assert.Equal("Arr, matey! The capital of France is Paris. Yo ho ho!", await server.AnswerAsync("pirate"));
        foreach (var detail in new[] { "family", "parameter_size", "quantization_level" })
        {
            Assert.Equal(await server.DetailAsync("tiny-chat", detail), await server.DetailAsync("twin", detail));
        }
    }

    [Fact]
    public async Task An_embedding_model_of_safetensors_gives_the_vectors_of_the_shipped_one()
    {
        using var folder = new TemporaryDirectory();
        TwinFolder.Write("tiny-embed", folder.Path);
        await using var server = await HostedServer.StartAsync();
        await server.CreateAsync(
            new JsonObject { ["model"] = "twin", ["files"] = await server.UploadFolderAsync(folder.Path) });

        var (shipped, twin) = (await EmbedAsync(server, "tiny-embed"), await EmbedAsync(server, "twin"));

        // Both are of length 1.
        Assert.Equal(shipped.Length, twin.Length);
        Assert.InRange(shipped.Zip(twin, (first, second) => first * second).Sum(), 0.999, 1.001);
    }

    [Fact]
    public async Task Weights_are_quantized_on_request_and_the_list_says_so()
    {
        await using var server = await HostedServer.StartAsync();
        foreach (var type in new[] { "q8_0", "Q4_K_M" })
        {
            var said = await server.CreateAsync(
                new JsonObject { ["model"] = type, ["from"] = "tiny-chat", ["quantize"] = type });

            Assert.Equal($"quantizing F16 model to {type.ToUpperInvariant()}", said[0]);
            Assert.Equal(type.ToUpperInvariant(), await server.DetailAsync(type, "quantization_level"));
            Assert.Contains("Paris", await server.AnswerAsync(type));
        }

        Assert.Equal(
            """{"error":"quantization is only supported for F16, BF16 and F32 models"}""",
            await RefusedAsync(server, 500, new JsonObject { ["from"] = "q8_0", ["quantize"] = "F16" }));
    }

    [Fact]
    public async Task What_cannot_be_made_is_refused_in_Ollama_s_words_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryDirectory();
        TwinFolder.Write("tiny-chat", folder.Path);
        await using var server = await HostedServer.StartAsync();
        var files = await server.UploadFolderAsync(folder.Path);
        var (config, weights) = (Path.Combine(folder.Path, "config.json"),
            Path.Combine(folder.Path, "model.safetensors"));
        var unknown = files.DeepClone().AsObject();
        unknown["config.json"] = await server.UploadAsync(Encoding.UTF8.GetBytes(
            (await File.ReadAllTextAsync(config, Token)).Replace("LlamaFor", "FooFor", StringComparison.Ordinal)));
        var damaged = files.DeepClone().AsObject();
        damaged["model.safetensors"] = await server.UploadAsync((await File.ReadAllBytesAsync(weights, Token))[..^7]);

        Assert.Equal(
            """{"error":"unsupported architecture \"FooForCausalLM\""}""",
            await RefusedAsync(server, 500, new JsonObject { ["files"] = unknown }));
        Assert.Contains(
            "safetensors", await RefusedAsync(server, 500, new JsonObject { ["files"] = damaged }));
        Assert.Equal(
            """{"error":"unsupported quantization type Q3_X - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0"}""",
            await RefusedAsync(server, 500, new JsonObject { ["from"] = "tiny-chat", ["quantize"] = "q3_x" }));
        Assert.StartsWith(
            "{\"error\":\"template error: template: :1",
            await RefusedAsync(server, 400, new JsonObject { ["from"] = "tiny-chat", ["template"] = "{{ if }" }));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_conversion_and_nothing_is_left_of_it()
    {
        using var folder = new TemporaryDirectory();
        TwinFolder.Write("tiny-chat", folder.Path);
        await using var server = await HostedServer.StartAsync();
        var files = await server.UploadFolderAsync(folder.Path);
        files["model.safetensors"] = WriteLargeWeights(server);
        files["config.json"] = await server.UploadAsync(Encoding.UTF8.GetBytes(
            (await File.ReadAllTextAsync(Path.Combine(folder.Path, "config.json"), Token))
                .Replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 1", StringComparison.Ordinal)));
        var before = server.StoredFiles();

        using (var response = await server.OpenAsync(
            "left", "/api/create", new JsonObject { ["model"] = "left", ["files"] = files }.ToJsonString(), Token))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            Assert.Equal("""{"status":"converting model"}""", await reader.ReadLineAsync(Token));
        }

        await server.Requests.EndedAsync("left");
        Assert.Equal(before, server.StoredFiles());
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_pulled_first()
    {
        await using var registry = await HostedServer.StartAsync();
        await using var server = await HostedServer.StartAsync(options => options with
        {
            ShippedModels = false,
            Registry = options.Registry with { Default = registry.Address },
        });

        var said = await server.CreateAsync(
            new JsonObject { ["model"] = "mine", ["from"] = "tiny-chat", ["system"] = "Be brief." });
        Assert.Equal("pulling manifest", said[0]);
        Assert.Single(said, "success");
        Assert.Equal(await registry.AnswerAsync("tiny-chat"), await server.AnswerAsync("tiny-chat"));
        Assert.Contains(
            "pull model manifest: file does not exist",
            (await server.PostAsync("/api/create", """{"model":"bad","from":"no-such"}""")).Body);
    }

    /// <summary>Puts weights of one layer into the store that take seconds to convert; returns their digest.</summary>
    private static string WriteLargeWeights(HostedServer server)
    {
        const long RowCount = 2_000_000;
        const long Columns = 256;
        const long LargeBytes = RowCount * Columns * sizeof(float);
        var builder = new SafetensorsBuilder()
            .Add("model.embed_tokens.weight", "F16", [1536, Columns], new byte[1536 * Columns * sizeof(short)])
            .Add("model.layers.0.input_layernorm.weight", "F32", [Columns], new byte[Columns * sizeof(float)]);
        var begin = builder.Header["model.layers.0.input_layernorm.weight"]!["data_offsets"]![1]!.GetValue<int>();
        builder.Header["model.layers.0.mlp.down_proj.weight"] = new JsonObject
        {
            ["dtype"] = "F32",
            ["shape"] = new JsonArray(RowCount, Columns),
            ["data_offsets"] = new JsonArray(begin, begin + LargeBytes),
        };
        var digest = new string('5', 64);
        using var file = File.Create(Path.Combine(server.Store, "blobs", "sha256-" + digest));
        file.Write(builder.ToBytes());

        // A hole, which takes no room on the disk.
        file.SetLength(file.Length + LargeBytes);
        return "sha256:" + digest;
    }

    private static async Task<string> RefusedAsync(HostedServer server, int status, JsonObject request)
    {
        var before = server.StoredFiles();
        (request["model"], request["stream"]) = ("bad", false);
        var (refused, body) = await server.PostAsync("/api/create", request.ToJsonString());
        Assert.True(refused == status, $"{refused}: {body}");
        Assert.Equal(before, server.StoredFiles());
        return body;
    }

    private static async Task<float[]> EmbedAsync(HostedServer server, string model) =>
    [
        .. (await server.AskAsync("/api/embed", $$"""{"model":"{{model}}","input":"The cat sat on the mat."}"""))
            .GetProperty("embeddings")[0].EnumerateArray().Select(number => number.GetSingle()),
    ];
}
