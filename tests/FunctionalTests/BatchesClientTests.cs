using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>OpenAI's JavaScript client with files and batches against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class BatchesClientTests(ServerFixture server)
{
    private const string Capital = "The capital of France is Paris.";

    [Fact]
    public async Task It_uploads_a_file_and_gets_it_back()
    {
        var seen = await RunAsync("files");
        Assert.Equal("lines.jsonl", seen.GetProperty("name").GetString());
        Assert.Equal(7, seen.GetProperty("bytes").GetInt32());
        Assert.Equal("processed", seen.GetProperty("status").GetString());
        Assert.Equal("{\"a\":1}", seen.GetProperty("content").GetString());
        Assert.True(seen.GetProperty("listed").GetBoolean());
        Assert.True(seen.GetProperty("deleted").GetBoolean());
        Assert.Equal("NotFoundError", seen.GetProperty("gone").GetProperty("name").GetString());
    }

    [Fact]
    public async Task It_runs_a_batch_of_chats()
    {
        var seen = await RunAsync("chats");
        Assert.Equal("completed", seen.GetProperty("status").GetString());
        Assert.Equal("{\"total\":2,\"completed\":1,\"failed\":1}", seen.GetProperty("counts").GetRawText());
        Assert.Equal("{\"a\":\"b\"}", seen.GetProperty("metadata").GetRawText());
        Assert.Equal(Capital, seen.GetProperty("text").GetString());
        Assert.Equal("[\"line 1\",400]", seen.GetProperty("failed").GetRawText());
        Assert.True(seen.GetProperty("listed").GetBoolean());
    }

    [Fact]
    public async Task It_runs_batches_on_the_other_endpoints() => Assert.Equal(
        "{\"response\":\"" + Capital + "\",\"vectors\":2,\"completion\":3}",
        (await RunAsync("endpoints")).GetRawText());

    [Fact]
    public async Task It_learns_what_is_wrong()
    {
        var seen = await RunAsync("wrong");
        Assert.Equal("failed", seen.GetProperty("status").GetString());
        Assert.Equal("[\"1 invalid_value\"]", seen.GetProperty("errors").GetRawText());
        AssertRefused(seen, "cancel", "BadRequestError", "400 Cannot cancel a batch with status 'failed'.");
        AssertRefused(
            seen, "endpoint", "BadRequestError",
            "400 invalid endpoint: \"/v1/nope\" (must be one of /v1/chat/completions, /v1/completions, "
            + "/v1/embeddings, /v1/responses)");
        AssertRefused(seen, "unknown", "NotFoundError", "404 No batch found with id 'batch_nope'.");
    }

    private static void AssertRefused(JsonElement seen, string which, string name, string message)
    {
        Assert.Equal(name, seen.GetProperty(which).GetProperty("name").GetString());
        Assert.Equal(message, seen.GetProperty(which).GetProperty("message").GetString());
    }

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("batches.mjs", server.Address, scenario, TestContext.Current.CancellationToken);
}
