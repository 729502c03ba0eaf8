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

    [Fact]
    public async Task A_model_of_the_library_proposes_for_whoever_names_it_with_adapters_too()
    {
        await using var server = await HostedServer.StartAsync();
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "small",
            ["files"] = new JsonObject { ["m.gguf"] = await UploadAsync(server, "tiny-chat-draft.gguf") },
        });
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "pirate",
            ["from"] = "tiny-chat",
            ["adapters"] = new JsonObject { ["a.gguf"] = await UploadAsync(server, "tiny-chat-pirate-lora.gguf") },
        });
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "fast",
            ["modelfile"] = "FROM pirate\nPARAMETER draft_model small",
        });
        var (plain, pirate) = (await TellAsync(server, "tiny-chat"), await TellAsync(server, "pirate"));
        Assert.NotEqual(plain, pirate);
        Assert.Equal(0, CountDrafted());
        Assert.Equal(plain, await TellAsync(server, "tiny-chat", "\"draft_model\":\"small\""));
        var first = CountDrafted();
        Assert.InRange(first, 1, 200);
        Assert.Equal(pirate, await TellAsync(server, "pirate", "\"draft_model\":\"small\""));
        Assert.Equal(pirate, await TellAsync(server, "fast"));
        Assert.InRange(CountDrafted(), first + 1, 600);
        Assert.Equal(pirate, await TellAsync(server, "fast", "\"draft_model\":\"\""));
        // Without the draft model, with it, and without it again: one takes the other's place.
        Assert.Equal(3, server.Loads.Count);

        int CountDrafted() => server.Scheduler.Events
            .Where(happened => happened.Kind == SchedulerEventKind.Drafted).Sum(happened => happened.Count);
    }

    [Theory]
    [InlineData("tiny-embed", "it generates no text")]
    [InlineData("nowhere", "there is no such model")]
    [InlineData("odd", "it has another vocabulary: its token 300 is another one")]
    public async Task One_that_cannot_propose_is_refused_with_the_reason(string draft, string reason)
    {
        await using var server = await HostedServer.StartAsync();
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-draft.gguf");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "odd",
            ["files"] = new JsonObject { ["m.gguf"] = await server.UploadAsync(GgufEdit.WithToken(bytes, 300, 'x')) },
        });
        var (status, body) = await server.PostAsync(
            "/api/generate",
            $$$"""
            {"model":"tiny-chat","prompt":"Hi","stream":false,"options":{"draft_model":"{{{draft}}}"}}
            """);
        Assert.Equal(
            (400, $$"""{"error":"draft_model \"{{draft}}\" cannot be used: {{reason}}"}"""), (status, body));
    }

    private static async Task CreateAsync(HostedServer server, string name, string draft) =>
        await server.CreateAsync(new JsonObject
        {
            ["model"] = name,
            ["from"] = "tiny-chat",
            ["draft_files"] = new JsonObject { ["d.gguf"] = await UploadAsync(server, draft) },
        });

    private static async Task<string> UploadAsync(HostedServer server, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", name);
        return await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
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
