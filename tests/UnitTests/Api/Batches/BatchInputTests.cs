using System.Text.Json;
using Ollama.Platform.UnitTests.Api.Responses;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Batches;

/// <summary>What becomes of a batch whose input or whose run breaks off: what was answered is never lost.</summary>
public sealed class BatchInputTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ApiServer.Kept _kept;

    public BatchInputTests() => _kept = new ApiServer.Kept(new MemoryRecords(_time), new MemoryFileContents());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_input_that_expires_is_found_no_more_and_read_to_its_end()
    {
        string? id;
        await using (var server = await StartAsync())
        {
            var (_, file) = await server.UploadAsync(
                BatchesClient.Line("a") + "\n" + BatchesClient.Line("b", "thinker:8b"), fields:
                [("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600")]);
            var (_, made) = await server.PostAsync(
                "{\"input_file_id\":\"" + file.Text("id")
                + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}", "/v1/batches");
            id = made.Text("id");
            await AnsweredAsync(server, id);
            _time.Advance(TimeSpan.FromHours(2));
            Assert.Empty(await FilesAsync(server));
            Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/v1/files/" + file.Text("id"))).Status);
        }

        await using var next = await StartAsync(holds: false);
        var batch = await next.SeenAsync(id, "completed");
        Assert.Equal(
            "{\"total\":2,\"completed\":2,\"failed\":0}", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal(batch.Text("output_file_id"), Assert.Single(await FilesAsync(next)));
        Assert.Equal(batch.Text("output_file_id"), Assert.Single(_kept.Contents.Ids));
    }

    [Fact]
    public async Task Results_are_kept_as_long_as_their_owner_says()
    {
        await using var server = await StartAsync(holds: false);
        var (_, file) = await server.UploadAsync(Lines);
        var (_, made) = await server.PostAsync(
            "{\"input_file_id\":\"" + file.Text("id") + "\",\"endpoint\":\"/v1/chat/completions\","
            + "\"completion_window\":\"24h\",\"output_expires_after\":{\"anchor\":\"created_at\",\"seconds\":3600}}",
            "/v1/batches");
        var batch = await server.SeenAsync(made.Text("id"), "completed");
        var (_, output) = await server.SendAsync(HttpMethod.Get, "/v1/files/" + batch.Text("output_file_id"));
        Assert.Equal(3600, output.GetProperty("expires_at").GetInt64() - output.GetProperty("created_at").GetInt64());
    }

    [Fact]
    public async Task A_batch_that_is_late_and_has_lost_its_input_keeps_what_it_has()
    {
        await using var server = await StartAsync();
        var made = await StartBatchAsync(server);
        await _kept.Contents.DeleteAsync(made.Text("input_file_id")!, Cancel);
        _time.Advance(TimeSpan.FromHours(24));
        var batch = await server.SeenAsync(made.Text("id"), "expired");
        await AssertAnsweredAsync(server, batch);
    }

    [Fact]
    public async Task A_batch_that_finds_its_input_gone_fails_and_keeps_what_it_has()
    {
        JsonElement made;
        await using (var server = await StartAsync())
        {
            made = await StartBatchAsync(server);
        }

        await _kept.Contents.DeleteAsync(made.Text("input_file_id")!, Cancel);
        await using var next = await StartAsync();
        var batch = await next.SeenAsync(made.Text("id"), "failed");
        Assert.Equal("file_not_found", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
        await AssertAnsweredAsync(next, batch);
    }

    [Fact]
    public async Task A_bug_in_one_line_fails_the_batch_and_keeps_what_it_has()
    {
        await using var server = await StartAsync();
        server.Models.Hold = request =>
            request.Model == "thinker:8b" ? throw new InvalidOperationException("a bug") : false;
        var made = await server.StartBatchAsync(Lines);
        var batch = await server.SeenAsync(made.Text("id"), "failed");
        Assert.Equal("server_error", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
        await AssertAnsweredAsync(server, batch);
    }

    private static string Lines => BatchesClient.Line("a") + "\n" + BatchesClient.Line("b", "thinker:8b");

    private static async Task AssertAnsweredAsync(ApiServer server, JsonElement batch)
    {
        Assert.Equal("a", Assert.Single(await server.LinesAsync(batch.Text("output_file_id"))).Text("custom_id"));
        Assert.Equal(
            "{\"total\":2,\"completed\":1,\"failed\":0}", batch.GetProperty("request_counts").GetRawText());
    }

    private static async Task<IReadOnlyList<string?>> FilesAsync(ApiServer server)
    {
        var (_, files) = await server.SendAsync(HttpMethod.Get, "/v1/files");
        return [.. files.GetProperty("data").EnumerateArray().Select(file => file.Text("id"))];
    }

    // One line is answered, the other never is.
    private static async Task<JsonElement> StartBatchAsync(ApiServer server)
    {
        var made = await server.StartBatchAsync(Lines);
        await AnsweredAsync(server, made.Text("id"));
        return made;
    }

    private static async Task AnsweredAsync(ApiServer server, string? id)
    {
        while ((await server.SeenAsync(id, "validating", "in_progress"))
            .GetProperty("request_counts").GetProperty("completed").GetInt32() < 1)
        {
            await Task.Yield();
        }
    }

    private async Task<ApiServer> StartAsync(bool holds = true)
    {
        var server = await ApiServer.StartAsync(options => options.Batches.ConcurrencyMax = 1, _time, _kept);
        server.Models.Gate.Open();
        server.Models.Hold = request => holds && request.Model == "thinker:8b";
        Scripts.Set(server.Models, "greeting");
        return server;
    }
}
