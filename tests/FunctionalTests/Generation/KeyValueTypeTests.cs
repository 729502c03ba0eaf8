using System.Collections.Concurrent;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>Every way to keep keys and values, with flash attention on, off and as the engine likes it.</summary>
public sealed class KeyValueTypeTests
{
    private const int ContextTokens = 2048;
    private const int SlotCount = 16;
    private const int NumbersPerCell = 1024;
    private const double BitsOfFloats = 16;

    // By how much the buffers to compute with differ; those of long floats are larger.
    private const long BuffersBytes = 1_000_000;
    private const long BuffersBytesOfFloats = 20_000_000;

    private static readonly ConcurrentDictionary<string, Task<long>> SizesOfShortFloats = new();

    public static TheoryData<string, double, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, double, string>();
            foreach (var flashAttention in (string[])["", "1", "0"])
            {
                cases.Add("f32", 32, flashAttention);
                cases.Add("f16", BitsOfFloats, flashAttention);
                cases.Add("bf16", BitsOfFloats, flashAttention);

                // Blocks with their scale; only flash attention reads values in blocks.
                var isPossible = flashAttention != "0";
                cases.Add("q8_0", isPossible ? 8.5 : BitsOfFloats, flashAttention);
                cases.Add("q5_1", isPossible ? 6 : BitsOfFloats, flashAttention);
                cases.Add("q5_0", isPossible ? 5.5 : BitsOfFloats, flashAttention);
                cases.Add("q4_1", isPossible ? 5 : BitsOfFloats, flashAttention);
                cases.Add("q4_0", isPossible ? 4.5 : BitsOfFloats, flashAttention);
                cases.Add("iq4_nl", isPossible ? 4.5 : BitsOfFloats, flashAttention);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_model_answers_in_the_memory_that_the_type_takes(
        string type, double bits, string flashAttention)
    {
        await using var server = await StartAsync(type, flashAttention);

        Assert.Equal("The capital of France is Paris.", await server.AnswerAsync("tiny-chat"));
        var more = await SizeAsync(server) - await SizesOfShortFloats.GetOrAdd(flashAttention, MeasureAsync);
        var expected = (long)(ContextTokens * SlotCount * NumbersPerCell * (bits - BitsOfFloats) / 8);
        var most = expected + (bits > BitsOfFloats ? BuffersBytesOfFloats : BuffersBytes);
        Assert.InRange(more, expected - BuffersBytes, most);
        Assert.Equal(bits == BitsOfFloats && type.Contains('q') ? 1 : 0, server.Events.Count("KeptOtherwise"));

        // Beyond the context positions move, which rewrites the keys; the library cannot do it with all of them.
        var story = await server.AskAsync(
            "/api/generate",
            """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,
             "options":{"temperature":0,"num_ctx":128,"num_predict":300}}
            """);
        Assert.Equal("length", story.GetProperty("done_reason").GetString());
        Assert.Equal(type != "bf16", story.GetProperty("eval_count").GetInt32() == 300);

        // Vectors are computed in one piece, and nothing is kept of them.
        var vectors = await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        Assert.Equal(1, vectors.GetProperty("embeddings").GetArrayLength());
    }

    private static async Task<long> MeasureAsync(string flashAttention)
    {
        await using var server = await StartAsync("f16", flashAttention);
        await server.AnswerAsync("tiny-chat");
        return await SizeAsync(server);
    }

    private static async Task<long> SizeAsync(HostedServer server) =>
        Assert.Single(await server.LoadedAsync()).GetProperty("size").GetInt64();

    private static Task<HostedServer> StartAsync(string type, string flashAttention)
    {
        var settings = new EnvironmentReader(new Dictionary<string, string>
        {
            ["HOME"] = "/",
            ["OLLAMA_KV_CACHE_TYPE"] = type,
            ["OLLAMA_FLASH_ATTENTION"] = flashAttention,
        }).Read();
        return HostedServer.StartAsync(options => options with
        {
            KeyValueType = settings.KeyValueType,
            FlashAttention = settings.FlashAttention,
            ContextTokens = ContextTokens,
            NumParallel = SlotCount,
        });
    }
}
