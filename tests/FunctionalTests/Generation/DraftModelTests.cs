using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>A model with a draft model, created, asked and listed by the real host.</summary>
public sealed class DraftModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_story_is_the_same_with_a_draft_model_and_what_is_loaded_counts_it()
    {
        await using var server = await HostedServer.StartAsync();
        await CreateAsync(server, "fast", "tiny-chat-draft.gguf");
        var plain = await TellAsync(server, "tiny-chat");
        var plainBytes = (await server.LoadedAsync()).Single().GetProperty("size").GetInt64();
        Assert.DoesNotContain(server.Scheduler.Events, happened => happened.Kind == SchedulerEventKind.Drafted);

        Assert.Equal(plain, await TellAsync(server, "fast"));
        var drafted = server.Scheduler.Events.Where(happened => happened.Kind == SchedulerEventKind.Drafted).ToList();
        Assert.InRange(drafted.Sum(happened => happened.Count), 1, 200);
        var bytes = (await server.LoadedAsync())
            .Single(model => model.GetProperty("name").GetString() == "fast:latest").GetProperty("size").GetInt64();
        Assert.InRange(bytes - plainBytes, 1_000_000, 100_000_000);

        Assert.Equal(plain, await TellAsync(server, "fast", "\"draft_num_predict\":0"));
        Assert.Equal(
            drafted.Count, server.Scheduler.Events.Count(happened => happened.Kind == SchedulerEventKind.Drafted));
    }

    [Fact]
    public async Task A_draft_model_of_another_vocabulary_changes_nothing()
    {
        await using var server = await HostedServer.StartAsync();
        await CreateAsync(server, "odd", Path.Combine("..", "models", "tiny-embed.gguf"));
        Assert.Equal(await TellAsync(server, "tiny-chat"), await TellAsync(server, "odd"));
    }

    private static async Task CreateAsync(HostedServer server, string name, string draft)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", draft);
        var digest = await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
        await server.CreateAsync(new JsonObject
        {
            ["model"] = name,
            ["from"] = "tiny-chat",
            ["draft_files"] = new JsonObject { ["d.gguf"] = digest },
        });
    }

    private static async Task<string> TellAsync(HostedServer server, string model, string options = "\"seed\":1")
    {
        var answer = await server.AskAsync(
            "/api/chat",
            $$$"""
            {"model":"{{{model}}}","stream":false,"think":false,
             "options":{"temperature":0,"num_predict":120,{{{options}}}},
             "messages":[{"role":"user","content":"Tell me a story."}]}
            """);
        return answer.GetProperty("message").GetProperty("content").GetString()!;
    }
}
