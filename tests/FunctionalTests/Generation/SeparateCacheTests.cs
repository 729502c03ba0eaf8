using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>
/// A KV cache for each sequence instead of one for all: nobody's text differs, what users have in common is computed
/// once, and a full context ends or moves on as ever.
/// </summary>
public sealed class SeparateCacheTests
{
    private const int UserCount = 16;
    private const string Rules =
        "You are a careful assistant. Answer in one short sentence. Say nothing that was not asked for. Use plain "
        + "words, and no lists. If you do not know something, say so. Never say more than two sentences in a row.";

    private static readonly string[] Questions =
        ["What is the capital of France?", "What is the capital of Spain?", "Hello!", "What color is the sky?"];

    [Theory]
    [InlineData(KeyValueType.F16, null)]
    [InlineData(KeyValueType.F16, false)]
    [InlineData(KeyValueType.Q8_0, true)]
    public async Task Sixteen_users_have_the_answers_that_each_has_alone(KeyValueType type, bool? flashAttention)
    {
        await using var server = await StartAsync(type, flashAttention, contextTokens: 512);
        List<string> alone = [];
        foreach (var question in Questions)
        {
            alone.Add(Text(await ChatAsync(server, question)));
        }

        var together = await Task.WhenAll(
            Enumerable.Range(0, UserCount).Select(user => ChatAsync(server, Questions[user % Questions.Length])));
        Assert.All(
            together.Index(), answer => Assert.Equal(alone[answer.Index % alone.Count], Text(answer.Item)));
        // The rules are some sixty tokens; who came first had them as well, from the questions before.
        Assert.All(together, answer => Assert.InRange(
            answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32(),
            40, int.MaxValue));
    }

    [Fact]
    public async Task Users_who_come_together_have_the_beginning_computed_once()
    {
        await using var server = await StartAsync(KeyValueType.F16, null, contextTokens: 512);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, UserCount).Select(user => ChatAsync(server, $"{user}: {Questions[0]}")));
        var prompts = answers.Sum(answer => answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        var computed = server.Scheduler.Events
            .Where(item => item.Kind == SchedulerEventKind.Prefilled).Sum(item => item.Count);
        Assert.InRange(computed, 1, prompts / 2);
    }

    [Fact]
    public async Task An_answer_longer_than_its_context_goes_on_beside_others()
    {
        await using var server = await StartAsync(KeyValueType.F16, null, contextTokens: 128);
        var stories = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.AskAsync(
            "/api/generate",
            """
            {"model":"tiny-chat","prompt":"x","raw":true,"stream":false,
             "options":{"temperature":0,"num_predict":300}}
            """)));
        Assert.All(stories, story => Assert.Equal("length", story.GetProperty("done_reason").GetString()));
        Assert.Contains(server.Scheduler.Events, item => item.Kind == SchedulerEventKind.Shifted);
        Assert.Equal("The capital of France is Paris.", await server.AnswerAsync("tiny-chat"));
    }

    private static string Text(JsonElement answer) =>
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static Task<JsonElement> ChatAsync(HostedServer server, string question) => server.AskAsync(
        "/v1/chat/completions",
        new JsonObject
        {
            ["model"] = "tiny-chat",
            ["temperature"] = 0,
            ["max_tokens"] = 32,
            ["reasoning_effort"] = "none",
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "system", ["content"] = Rules },
                new JsonObject { ["role"] = "user", ["content"] = question }),
        }.ToJsonString());

    private static Task<HostedServer> StartAsync(KeyValueType type, bool? flashAttention, int contextTokens) =>
        HostedServer.StartAsync(options => options with
        {
            KeyValueType = type,
            FlashAttention = flashAttention,
            CacheUnified = false,
            ContextTokens = contextTokens,
            NumParallel = UserCount,
        });
}
