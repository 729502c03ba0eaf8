using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Responses;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Batches;

public sealed class BatchesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_is_answered_as_its_route_would_and_behind_everybody_else()
    {
        await using var server = await StartAsync();
        var made = await server.StartBatchAsync(
            "\uFEFF" + BatchesClient.Line("a") + "\r\n\n" + BatchesClient.Line("b", "nope") + "\n  \n"
            + BatchesClient.Line("c"));
        Assert.Equal("validating", made.Text("status"));
        var batch = await server.SeenAsync(made.Text("id"), "completed");
        Assert.Equal(
            "{\"total\":3,\"completed\":2,\"failed\":1}", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("{\"a\":\"b\"}", batch.GetProperty("metadata").GetRawText());
        foreach (var moment in (string[])["in_progress_at", "finalizing_at", "completed_at"])
        {
            Assert.Equal(1787306400, batch.GetProperty(moment).GetInt64());
        }

        var answers = await server.LinesAsync(batch.Text("output_file_id"));
        Assert.Equal(["a", "c"], answers.Select(line => line.Text("custom_id")).Order());
        var response = answers[0].GetProperty("response");
        Assert.Equal(200, response.GetProperty("status_code").GetInt32());
        Assert.Matches("^req_[0-9a-f]{24}$", response.Text("request_id"));
        Assert.Equal("chat.completion", response.GetProperty("body").Text("object"));
        Assert.Equal(JsonValueKind.Null, answers[0].GetProperty("error").ValueKind);
        var failure = Assert.Single(await server.LinesAsync(batch.Text("error_file_id")));
        Assert.Equal("b", failure.Text("custom_id"));
        Assert.Equal(404, failure.GetProperty("response").GetProperty("status_code").GetInt32());
        Assert.Equal("model 'nope' not found", failure.GetProperty("response").GetProperty("body").Message());
        Assert.All(
            server.Models.Calls.Cast<GenerationRequest>(),
            request => Assert.Equal(RequestPriority.Min / 2, request.Priority));

        var (_, file) = await server.SendAsync(HttpMethod.Get, "/v1/files/" + batch.Text("output_file_id"));
        Assert.Equal("batch_output", file.Text("purpose"));
        var (_, list) = await server.SendAsync(HttpMethod.Get, "/v1/batches");
        Assert.Equal(batch.GetRawText(), Assert.Single(list.GetProperty("data").EnumerateArray()).GetRawText());
    }

    [Theory]
    [InlineData("/v1/completions", "{\"model\":\"test\",\"prompt\":\"Hi\"}", "text_completion")]
    [InlineData("/v1/embeddings", "{\"model\":\"someone/embedder\",\"input\":\"Hi\"}", "list")]
    [InlineData("/v1/responses", "{\"model\":\"test\",\"input\":\"Hi\"}", "response")]
    public async Task Every_endpoint_answers(string endpoint, string body, string kind)
    {
        await using var server = await StartAsync();
        var made = await server.StartBatchAsync(
            "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"" + endpoint + "\",\"body\":" + body + "}", endpoint);
        var batch = await server.SeenAsync(made.Text("id"), "completed");
        var line = Assert.Single(await server.LinesAsync(batch.Text("output_file_id")));
        Assert.Equal(kind, line.GetProperty("response").GetProperty("body").Text("object"));
        Assert.Equal(JsonValueKind.Null, batch.GetProperty("error_file_id").ValueKind);
        Assert.Equal(RequestPriority.Min / 2, Assert.Single(server.Models.Calls) switch
        {
            EmbeddingRequest embedding => embedding.Priority,
            GenerationRequest generation => generation.Priority,
            var other => throw new InvalidOperationException($"{other}"),
        });
    }

    [Fact]
    public async Task A_line_takes_no_place_among_the_responses_that_are_kept()
    {
        await using var server = await StartAsync();
        var (_, kept) = await server.PostAsync("{\"model\":\"test\",\"input\":\"Hi\"}", "/v1/responses");
        var made = await server.StartBatchAsync(
            "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"test\","
            + "\"input\":\"And\",\"store\":true,\"previous_response_id\":\"" + kept.Text("id") + "\"}}",
            "/v1/responses");
        var batch = await server.SeenAsync(made.Text("id"), "completed");
        var answer = Assert.Single(await server.LinesAsync(batch.Text("output_file_id")))
            .GetProperty("response").GetProperty("body");
        Assert.False(answer.GetProperty("store").GetBoolean());
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + answer.Text("id"))).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + kept.Text("id"))).Status);
    }

    [Fact]
    public async Task A_wrong_input_fails_with_what_is_wrong_in_each_line_and_nothing_runs()
    {
        await using var server = await StartAsync(lineBytesMax: 300);
        var made = await server.StartBatchAsync(string.Join('\n',
            BatchesClient.Line("a"),
            "{",
            "[]",
            BatchesClient.Line("a"),
            "{\"method\":\"POST\"}",
            BatchesClient.Line("b", url: "/v1/embeddings"),
            "{\"custom_id\":\"c\",\"method\":\"GET\"}",
            "{\"custom_id\":\"d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":7}",
            "{\"custom_id\":\"e\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"stream\":true}}",
            BatchesClient.Line(new string('f', 300)),
            "{\"custom_id\":\"\\ud800\"}",
            BatchesClient.Line("g").Replace("\"body\":{", "\"body\":{\"Stream\":true,", StringComparison.Ordinal)));
        var batch = await server.SeenAsync(made.Text("id"), "failed");
        Assert.Equal(
            ["2 invalid_json_line", "3 invalid_json_line", "4 duplicate_custom_id custom_id",
             "5 missing_required_parameter custom_id", "6 invalid_value url", "7 invalid_value method",
             "8 missing_required_parameter body", "9 invalid_value body.stream", "10 line_too_long",
             "11 missing_required_parameter custom_id", "12 invalid_value body.stream"],
            batch.GetProperty("errors").GetProperty("data").EnumerateArray().Select(error =>
                $"{error.GetProperty("line").GetInt32()} {error.Text("code")} {error.Text("param")}".TrimEnd()));
        Assert.Equal(1787306400, batch.GetProperty("failed_at").GetInt64());
        Assert.Empty(server.Models.Calls);
    }

    [Fact]
    public async Task An_empty_input_and_one_that_is_too_long_fail()
    {
        await using var server = await StartAsync(lineCountMax: 1);
        var made = await server.StartBatchAsync("\n \n");
        var batch = await server.SeenAsync(made.Text("id"), "failed");
        Assert.Equal("empty_file", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
        made = await server.StartBatchAsync(BatchesClient.Line("a") + "\n" + BatchesClient.Line("b"));
        batch = await server.SeenAsync(made.Text("id"), "failed");
        Assert.Equal("too_many_requests", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
    }

    [Fact]
    public async Task A_batch_that_is_canceled_keeps_what_it_has()
    {
        await using var server = await StartAsync();
        server.Models.Hold = request => request.Model == "thinker:8b";
        var made = await server.StartBatchAsync(
            BatchesClient.Line("a") + "\n" + BatchesClient.Line("b", "thinker:8b"));
        while ((await server.SeenAsync(made.Text("id"), "validating", "in_progress"))
            .GetProperty("request_counts").GetProperty("completed").GetInt32() < 1)
        {
            await Task.Yield();
        }

        var path = "/v1/batches/" + made.Text("id");
        var (status, canceling) = await server.PostAsync("", path + "/cancel");
        Assert.Equal((200, "cancelling"), (status, canceling.Text("status")));
        var batch = await server.SeenAsync(made.Text("id"), "cancelled");
        Assert.Equal(
            "{\"total\":2,\"completed\":1,\"failed\":0}", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("a", Assert.Single(await server.LinesAsync(batch.Text("output_file_id"))).Text("custom_id"));
        (status, var refused) = await server.PostAsync("", path + "/cancel");
        Assert.Equal((400, "Cannot cancel a batch with status 'cancelled'."), (status, refused.Message()));
    }

    [Fact]
    public async Task A_batch_goes_on_after_a_restart_with_what_has_not_run()
    {
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        JsonElement made;
        await using (var server = await StartAsync(kept: kept))
        {
            server.Models.Hold = request => request.Model == "thinker:8b";
            made = await server.StartBatchAsync(string.Join(
                '\n', BatchesClient.Line("a"), BatchesClient.Line("b", "thinker:8b"), BatchesClient.Line("c", "nope")));
            JsonElement counts;
            do
            {
                counts = (await server.SeenAsync(made.Text("id"), "validating", "in_progress"))
                    .GetProperty("request_counts");
            }
            while (counts.GetProperty("completed").GetInt32() + counts.GetProperty("failed").GetInt32() < 2);
        }

        await using var next = await StartAsync(kept: kept);
        var batch = await next.SeenAsync(made.Text("id"), "completed");
        Assert.Equal(
            "{\"total\":3,\"completed\":2,\"failed\":1}", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("thinker:8b", Assert.IsType<GenerationRequest>(Assert.Single(next.Models.Calls)).Model);
        Assert.Equal(
            ["a", "b"],
            (await next.LinesAsync(batch.Text("output_file_id"))).Select(line => line.Text("custom_id")));
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_expires_and_says_what_did_not_run()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(time: time);
        server.Models.Hold = request => request.Model == "thinker:8b";
        var made = await server.StartBatchAsync(
            BatchesClient.Line("a") + "\n" + BatchesClient.Line("b", "thinker:8b"));
        while ((await server.SeenAsync(made.Text("id"), "validating", "in_progress"))
            .GetProperty("request_counts").GetProperty("completed").GetInt32() < 1)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromHours(24));
        var batch = await server.SeenAsync(made.Text("id"), "expired");
        var line = Assert.Single(await server.LinesAsync(batch.Text("error_file_id")));
        Assert.Equal(("b", "batch_expired"), (line.Text("custom_id"), line.GetProperty("error").Text("code")));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("response").ValueKind);
        Assert.Equal(
            "{\"total\":2,\"completed\":1,\"failed\":1}", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("a", Assert.Single(await server.LinesAsync(batch.Text("output_file_id"))).Text("custom_id"));
    }

    [Fact]
    public async Task No_more_requests_run_at_a_time_than_allowed()
    {
        await using var server = await StartAsync(concurrencyMax: 2);
        server.Models.Hold = _ => true;
        var made = await server.StartBatchAsync(
            string.Join('\n', Enumerable.Range(0, 5).Select(index => BatchesClient.Line($"{index}"))));
        while (server.Models.Calls.Count < 2)
        {
            await Task.Yield();
        }

        await server.SeenAsync(made.Text("id"), "in_progress");
        Assert.Equal(2, server.Models.Calls.Count);
        await server.PostAsync("", $"/v1/batches/{made.Text("id")}/cancel");
        await server.SeenAsync(made.Text("id"), "cancelled");
        Assert.Equal(2, server.Models.Calls.Count);
    }

    [Fact]
    public async Task A_file_that_a_batch_reads_is_not_deleted_and_results_make_no_batch()
    {
        await using var server = await StartAsync();
        server.Models.Hold = _ => true;
        var made = await server.StartBatchAsync(BatchesClient.Line("a"));
        var input = made.Text("input_file_id");
        var (status, body) = await server.SendAsync(HttpMethod.Delete, "/v1/files/" + input);
        Assert.Equal(
            (400, $"the file {input} is in use by the batch {made.Text("id")}"), (status, body.Message()));
        await server.PostAsync("", $"/v1/batches/{made.Text("id")}/cancel");
        await server.SeenAsync(made.Text("id"), "cancelled");
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Delete, "/v1/files/" + input)).Status);

        server.Models.Hold = null;
        var second = await server.StartBatchAsync(BatchesClient.Line("a"));
        var output = (await server.SeenAsync(second.Text("id"), "completed")).Text("output_file_id");
        (status, body) = await server.PostAsync(
            "{\"input_file_id\":\"" + output
            + "\",\"endpoint\":\"/v1/completions\",\"completion_window\":\"24h\"}", "/v1/batches");
        Assert.Equal((400, $"the purpose of the file {output} is not \"batch\""), (status, body.Message()));
    }

    [Fact]
    public async Task A_bug_fails_the_batch_and_leaves_no_bytes()
    {
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        await using var server = await StartAsync(kept: kept);
        server.Models.RunBug = new InvalidOperationException("a bug");
        var made = await server.StartBatchAsync(BatchesClient.Line("a"));
        var batch = await server.SeenAsync(made.Text("id"), "failed");
        Assert.Equal("server_error", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
        while (kept.Contents.Ids.Count > 1)
        {
            await Task.Yield();
        }

        Assert.Equal(made.Text("input_file_id"), Assert.Single(kept.Contents.Ids));
    }

    [Fact]
    public async Task A_damaged_result_fails_the_batch_and_the_others_stay()
    {
        const string Damaged = "{\"custom_id\":\n{}\n";
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        string? id;
        await using (var server = await StartAsync(kept: kept))
        {
            server.Models.Hold = _ => true;
            var made = await server.StartBatchAsync(BatchesClient.Line("a"));
            id = made.Text("id");
            await server.SeenAsync(id, "in_progress");
            while (kept.Contents.Ids.Count < 3)
            {
                await Task.Yield();
            }
        }

        foreach (var content in kept.Contents.Ids)
        {
            await using var file = await kept.Contents.OpenAloneAsync(content, Cancel);
            if (file!.Length == 0)
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(Damaged), Cancel);
            }
        }

        await using var next = await StartAsync(kept: kept);
        var batch = await next.SeenAsync(id, "failed");
        Assert.Equal("server_error", batch.GetProperty("errors").GetProperty("data")[0].Text("code"));
        Assert.Equal(Damaged, await next.Client.GetStringAsync(
            $"/v1/files/{batch.Text("output_file_id")}/content", Cancel));
    }

    [Fact]
    public async Task The_oldest_batch_that_has_ended_makes_room()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(time: time, keptMax: 2);
        var ids = new List<string?>();
        for (var index = 0; index < 3; index++)
        {
            ids.Add((await server.StartBatchAsync(BatchesClient.Line("a"))).Text("id"));
            await server.SeenAsync(ids[index], "completed");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var (_, list) = await server.SendAsync(HttpMethod.Get, "/v1/batches");
        Assert.Equal([ids[2], ids[1]], list.GetProperty("data").EnumerateArray().Select(batch => batch.Text("id")));
    }

    [Fact]
    public async Task One_more_than_the_limit_is_refused()
    {
        await using var server = await StartAsync(unfinishedMax: 1);
        server.Models.Hold = _ => true;
        var made = await server.StartBatchAsync(BatchesClient.Line("a"));
        var (status, _) = await server.PostAsync(
            "{\"input_file_id\":\"" + made.Text("input_file_id")
            + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}", "/v1/batches");
        Assert.Equal(503, status);
    }

    private static async Task<ApiServer> StartAsync(
        TimeProvider? time = null, ApiServer.Kept? kept = null, int lineBytesMax = 10_000, int lineCountMax = 100,
        int concurrencyMax = 4, int unfinishedMax = 10, int keptMax = 100)
    {
        var server = await ApiServer.StartAsync(
            options =>
            {
                options.Batches.LineBytesMax = lineBytesMax;
                options.Batches.LineCountMax = lineCountMax;
                options.Batches.ConcurrencyMax = concurrencyMax;
                options.Batches.UnfinishedCountMax = unfinishedMax;
                options.Batches.KeptCountMax = keptMax;
            },
            time,
            kept);
        server.Models.Gate.Open();
        Scripts.Set(server.Models, "greeting");
        return server;
    }
}
