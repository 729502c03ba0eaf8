using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Exam;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>Sharing a batch changes nobody's text.</summary>
[Collection(nameof(SharedServer))]
public sealed class ParallelChatTests(ServerFixture server)
{
    private const int ChatCount = 64;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_parallel_chats_give_the_texts_of_one_by_one()
    {
        var items = ExamPaper.Load().Items.Where(item => item.Messages is not null).Take(ChatCount).ToList();
        var alone = new List<string>();
        foreach (var item in items)
        {
            alone.Add(await ChatAsync(item));
        }

        var together = await Task.WhenAll(items.Select(ChatAsync));
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task Equal_seeds_give_equal_texts_whoever_shares_the_batch()
    {
        var alone = await SampleAsync(seed: 7);
        var together =
            await Task.WhenAll(Enumerable.Range(0, 16).Select(index => SampleAsync(index % 2 == 0 ? 7 : index)));
        Assert.All(together.Where((_, index) => index % 2 == 0), text => Assert.Equal(alone, text));
        Assert.True(together.Distinct().Count() > 2, "Different seeds should give different stories.");
    }

    private async Task<string> ChatAsync(ExamItem item)
    {
        var body = new JsonObject
        {
            ["model"] = "tiny-chat",
            ["messages"] = JsonNode.Parse(item.Messages!.Value.GetRawText()),
            ["think"] = false,
            ["stream"] = false,
            ["options"] = new JsonObject { ["temperature"] = 0, ["num_predict"] = 48 },
        };
        var answer = await server.PostAsync("/api/chat", body, Token);
        return answer.GetProperty("message").GetProperty("content").GetString()!;
    }

    private async Task<string> SampleAsync(int seed)
    {
        var body = new JsonObject
        {
            ["model"] = "tiny-chat",
            ["prompt"] = "Once upon a time",
            ["raw"] = true,
            ["stream"] = false,
            ["options"] =
                new JsonObject { ["temperature"] = 1.5, ["seed"] = seed, ["num_predict"] = 48, ["top_k"] = 0 },
        };
        return (await server.PostAsync("/api/generate", body, Token)).GetProperty("response").GetString()!;
    }
}
