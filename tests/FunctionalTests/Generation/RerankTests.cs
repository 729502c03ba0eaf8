using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Lifecycle;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>Tokens and scores of the real engine, in this process and in one of its own.</summary>
[Collection(nameof(ChildRunnerTests))]
public sealed class RerankTests
{
    private const string Question = "What is the capital of France?";

    public static TheoryData<RunnerKind> Kinds => [RunnerKind.InProcess, RunnerKind.Process];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Documents_come_back_in_the_order_of_their_scores(RunnerKind kind)
    {
        await using var server = await StartAsync(kind);
        var documents = Enumerable.Range(0, 30)
            .Select(index => string.Join(' ', Enumerable.Repeat("paris is a city", index % 7)) + " cow " + index)
            .ToArray();
        var whole = await server.AskAsync("/api/rerank", Request("ranker", documents));
        var scores = whole.GetProperty("results").EnumerateArray()
            .Select(item => item.GetProperty("relevance_score").GetDouble()).ToArray();
        Assert.Equal(30, scores.Length);
        Assert.All(scores, score => Assert.InRange(score, 0.0001, 0.9999));
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(
            Enumerable.Range(0, 30),
            whole.GetProperty("results").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()).Order());
        Assert.True(whole.GetProperty("prompt_eval_count").GetInt32() > 30 * 8);
        var best = whole.GetProperty("results")[0].GetProperty("index").GetInt32();

        // Alone it has the same score, and OpenAI's clients see it, too.
        var alone = await server.AskAsync("/v1/rerank", Request("ranker", [documents[best]]));
        Assert.Equal(scores[0], alone.GetProperty("results")[0].GetProperty("relevance_score").GetDouble(), 0.0005);
        Assert.Equal("list", alone.GetProperty("object").GetString());
        Assert.True(alone.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_score_follows_from_the_pair_that_the_marks_make(RunnerKind kind)
    {
        await using var server = await StartAsync(kind);
        var result = await server.AskAsync("/api/rerank", Request("ranker", ["Paris."], raw: true));
        // The same tokens as one text of a model that has the same weights but no head.
        const string Pair = Question + "[SEP][SEP]Paris.";
        var embedded = await server.AskAsync(
            "/api/embeddings", new JsonObject { ["model"] = "first-token", ["prompt"] = Pair }.ToJsonString());
        var vector = embedded.GetProperty("embedding").EnumerateArray().Select(component => component.GetSingle());
        Assert.Equal(
            RankingModel.Bias + vector.Zip(RankingModel.Head, (one, other) => one * other).Sum(),
            result.GetProperty("results")[0].GetProperty("relevance_score").GetSingle(), 0.01f);
        var split = new JsonObject { ["model"] = "ranker", ["content"] = Pair, ["add_special"] = true };
        Assert.Equal(
            (await server.AskAsync("/api/tokenize", split.ToJsonString())).GetProperty("tokens").GetArrayLength(),
            result.GetProperty("prompt_eval_count").GetInt32());
    }

    [Fact]
    public async Task A_model_that_ranks_says_so_and_does_nothing_else()
    {
        await using var server = await StartAsync(RunnerKind.InProcess);
        var shown = await server.AskAsync("/api/show", """{"model":"ranker"}""");
        Assert.Equal("rerank", Assert.Single(shown.GetProperty("capabilities").EnumerateArray()).GetString());
        Assert.Equal(
            (501, """{"error":"this model does not support embeddings"}"""),
            await server.PostAsync("/api/embed", """{"model":"ranker","input":"a"}"""));
        Assert.Equal(
            (400, "{\"error\":\"\\\"ranker\\\" does not support chat\"}"),
            await server.PostAsync("/api/chat", """{"model":"ranker","messages":[{"role":"user","content":"Hi"}]}"""));
        Assert.Equal(
            (400, """{"error":"registry.ollama.ai/library/tiny-chat:latest does not support rerank"}"""),
            await server.PostAsync("/api/rerank", Request("tiny-chat", ["a"])));
        var (status, body) = await server.PostAsync(
            "/api/rerank", Request("ranker", ["a"]).Replace(Question, string.Concat(Enumerable.Repeat("x ", 5000))));
        Assert.Equal(400, status);
        Assert.Contains("the query leaves no room for a document in the 512 tokens", body);
        (status, body) = await server.PostAsync(
            "/api/rerank", Request("ranker", [.. Enumerable.Repeat("a", 2049)]));
        Assert.Equal((400, """{"error":"2049 documents are too many: at most 2048"}"""), (status, body));
        var cut = await server.AskAsync(
            "/api/rerank", Request("ranker", [string.Concat(Enumerable.Repeat("cow ", 9000))]));
        Assert.Equal(512, cut.GetProperty("prompt_eval_count").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Texts_are_split_and_joined_and_loaded_models_are_kept_as_long_as_asked(RunnerKind kind)
    {
        await using var server = await StartAsync(kind);
        foreach (var model in new[] { "tiny-chat", "tiny-embed", "ranker" })
        {
            var tokens = await SplitAsync(server, "paris is a city", model);
            Assert.NotEmpty(tokens);
            var joined = await server.AskAsync("/api/detokenize", Tokens(model, tokens, keepAlive: 0));
            // A vocabulary of whole words has the space in front of each.
            Assert.Equal("paris is a city", joined.GetProperty("content").GetString()!.TrimStart());
        }

        Assert.Empty(await server.LoadedNamesAsync());
        const string Special = "<|im_start|>über\n😀";
        var parsed = await SplitAsync(server, Special);
        var plain = await SplitAsync(server, Special, specialParsed: false);
        Assert.True(plain.Length > parsed.Length);
        var back = await server.AskAsync("/api/detokenize", Tokens("tiny-chat", parsed));
        Assert.Equal(Special, back.GetProperty("content").GetString());
        Assert.Equal(["tiny-chat:latest"], await server.LoadedNamesAsync());
        var (status, body) = await server.PostAsync("/api/detokenize", """{"model":"tiny-chat","tokens":[5,1536]}""");
        Assert.Equal(400, status);
        Assert.Equal("""{"error":"1536 is no token of this model, whose vocabulary has 1536"}""", body);
        (status, body) = await server.PostAsync(
            "/api/tokenize", Text("tiny-chat", new string('x', (16 * 1024 * 1024) + 1), specialParsed: true));
        Assert.Equal((400, """{"error":"content is longer than 16777216 bytes"}"""), (status, body));
        (status, body) = await server.PostAsync(
            "/api/detokenize", Tokens("tiny-chat", new int[(1024 * 1024) + 1]));
        Assert.Equal((400, """{"error":"1048577 tokens are too many: at most 1048576"}"""), (status, body));
    }

    private static Task<HostedServer> StartAsync(RunnerKind kind) => HostedServer.StartAsync(
        store: store =>
        {
            store.Model("ranker", store.Layer("model", RankingModel.Ranker));
            store.Model("first-token", store.Layer("model", RankingModel.FirstToken));
        },
        configure: options => options with { Runner = kind });

    private static string Request(string model, IEnumerable<string> documents, bool raw = false) => new JsonObject
    {
        ["model"] = model,
        ["query"] = Question,
        ["documents"] = new JsonArray([.. documents.Select(document => (JsonNode)document)]),
        ["raw_scores"] = raw,
    }.ToJsonString();

    private static string Text(string model, string content, bool specialParsed) => new JsonObject
    {
        ["model"] = model,
        ["content"] = content,
        ["parse_special"] = specialParsed,
    }.ToJsonString();

    private static string Tokens(string model, int[] tokens, int? keepAlive = null) => new JsonObject
    {
        ["model"] = model,
        ["tokens"] = new JsonArray([.. tokens.Select(token => (JsonNode)token)]),
        ["keep_alive"] = keepAlive,
    }.ToJsonString();

    private static async Task<int[]> SplitAsync(
        HostedServer server, string content, string model = "tiny-chat", bool specialParsed = true) =>
        [
            .. (await server.AskAsync("/api/tokenize", Text(model, content, specialParsed)))
                .GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()),
        ];
}
