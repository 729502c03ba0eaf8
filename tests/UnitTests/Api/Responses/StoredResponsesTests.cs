using System.Text.Json;
using Ollama.Platform.Api;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Responses;

public sealed class StoredResponsesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_response_is_kept_until_it_is_deleted()
    {
        await using var server = await StartAsync();
        var (_, made) = await server.PostAsync("{\"model\":\"test\",\"input\":\"Hi\",\"metadata\":{\"a\":\"b\"}}");
        var path = "/v1/responses/" + made.Text("id");
        var (status, found) = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(200, status);
        Assert.Equal(made.GetRawText(), found.GetRawText());
        var (_, deleted) = await server.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(
            "{\"id\":\"" + made.Text("id") + "\",\"object\":\"response\",\"deleted\":true}", deleted.GetRawText());
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var (gone, body) = await server.SendAsync(method, path);
            Assert.Equal(404, gone);
            Assert.Equal($"response \"{made.Text("id")}\" not found", body.Message());
        }
    }

    [Fact]
    public async Task A_conversation_goes_on_from_a_response_and_its_input_can_be_listed()
    {
        await using var server = await StartAsync("thinking");
        var (_, first) = await server.PostAsync(
            "{\"model\":\"thinker:8b\",\"instructions\":\"Be brief.\",\"input\":\"One\"}");
        var (_, second) = await server.PostAsync(
            "{\"model\":\"thinker:8b\",\"input\":\"Two\",\"previous_response_id\":\"" + first.Text("id") + "\"}");
        Assert.Equal(first.Text("id"), second.Text("previous_response_id"));
        var request = Assert.IsType<GenerationRequest>(server.Models.Calls.Last());
        Assert.Equal(
            ["user:One", "assistant:Hi", "user:Two"],
            request.Messages.Select(message => message.Role + ":" + message.Content));
        Assert.Equal("Let me", request.Messages[1].Thinking);

        var path = $"/v1/responses/{second.Text("id")}/input_items";
        var (_, newest) = await server.SendAsync(HttpMethod.Get, path + "?limit=2");
        Assert.Equal(["message", "message"], Types(newest));
        Assert.True(newest.GetProperty("has_more").GetBoolean());
        Assert.Equal("Two", newest.GetProperty("data")[0].GetProperty("content")[0].Text("text"));
        var (_, rest) = await server.SendAsync(HttpMethod.Get, $"{path}?after={newest.Text("last_id")}");
        Assert.Equal(["reasoning", "message"], Types(rest));
        Assert.False(rest.GetProperty("has_more").GetBoolean());
        var (_, oldest) = await server.SendAsync(HttpMethod.Get, path + "?order=asc&limit=1");
        Assert.Equal(rest.Text("last_id"), oldest.Text("first_id"));
    }

    [Theory]
    [InlineData("?include=nope")]
    [InlineData("?include[]=message.output_text.logprobs&include[]=nope")]
    [InlineData("/input_items?include[]=nope")]
    public async Task What_cannot_be_included_is_refused(string query)
    {
        await using var server = await StartAsync();
        var (_, made) = await server.PostAsync("{\"model\":\"test\",\"input\":\"Hi\"}");
        var path = "/v1/responses/" + made.Text("id");
        var (status, body) = await server.SendAsync(HttpMethod.Get, path + query);
        Assert.Equal((400, "invalid include value: \"nope\""), (status, body.Message()));
        var (known, _) = await server.SendAsync(
            HttpMethod.Get, path + query.Replace("nope", "reasoning.encrypted_content"));
        Assert.Equal(200, known);
    }

    [Fact]
    public async Task A_call_that_was_cut_is_not_gone_on_from()
    {
        await using var server = await StartAsync("cut");
        var (_, first) = await server.PostAsync("{\"model\":\"thinker:8b\",\"input\":\"One\"}");
        Assert.Equal("incomplete", first.GetProperty("output")[0].Text("status"));
        Scripts.Set(server.Models, "greeting");
        var (status, _) = await server.PostAsync(
            "{\"model\":\"thinker:8b\",\"input\":\"Two\",\"previous_response_id\":\"" + first.Text("id") + "\"}");
        Assert.Equal(200, status);
        var request = Assert.IsType<GenerationRequest>(server.Models.Calls.Last());
        Assert.Equal(["One", "Two"], request.Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task An_item_can_be_referred_to()
    {
        await using var server = await StartAsync("tools");
        var (_, first) = await server.PostAsync("{\"model\":\"thinker:8b\",\"input\":\"One\"}");
        var call = first.GetProperty("output")[0];
        var (status, _) = await server.PostAsync(
            "{\"model\":\"thinker:8b\",\"input\":[{\"type\":\"item_reference\",\"id\":\"" + call.Text("id")
            + "\"},{\"type\":\"function_call_output\",\"call_id\":\"a1\",\"output\":\"x\"}]}");
        Assert.Equal(200, status);
        var request = Assert.IsType<GenerationRequest>(server.Models.Calls.Last());
        Assert.Equal("f0", Assert.Single(request.Messages[0].ToolCalls).Name);
        Assert.Equal("f0", request.Messages[1].ToolName);
    }

    [Fact]
    public async Task What_was_streamed_can_be_read_again_from_any_event_on()
    {
        await using var server = await StartAsync("both");
        var stream = await ReadAsync(server, "{\"model\":\"test\",\"stream\":true,\"input\":\"Hi\"}");
        var events = ResponsesClient.Events(stream);
        Assert.Equal(
            Enumerable.Range(0, events.Count), events.Select(what => what.GetProperty("sequence_number").GetInt32()));
        var path = "/v1/responses/" + events[0].GetProperty("response").Text("id") + "?stream=true";
        Assert.Equal(stream, await server.Client.GetStringAsync(path, Cancel));
        var rest = ResponsesClient.Events(await server.Client.GetStringAsync(path + "&starting_after=3", Cancel));
        Assert.Equal(events.Skip(4).Select(what => what.GetRawText()), rest.Select(what => what.GetRawText()));
        Assert.Equal("", await server.Client.GetStringAsync($"{path}&starting_after={events.Count + 5}", Cancel));
    }

    [Theory]
    [InlineData("both")]
    [InlineData("tools")]
    [InlineData("cut")]
    [InlineData("logprobs")]
    [InlineData("silent")]
    public async Task What_was_made_whole_can_be_read_as_the_stream_that_it_was_not(string script)
    {
        await using var server = await StartAsync(script);
        if (script == "silent")
        {
            server.Models.Chunks = [new GenerationChunk { FinishReason = FinishReason.Stop }];
        }

        const string Body = "{\"model\":\"thinker:8b\",\"top_logprobs\":1,\"input\":\"Hi\"";
        var (_, made) = await server.PostAsync(Body + "}");
        var events = ResponsesClient.Events(
            await server.Client.GetStringAsync($"/v1/responses/{made.Text("id")}?stream=true", Cancel));
        Assert.Equal(made.GetRawText(), events[^1].GetProperty("response").GetRawText());
        Assert.Equal(
            made.GetProperty("output").EnumerateArray().Select(item => item.GetRawText()),
            events.Where(what => what.Text("type") == "response.output_item.done")
                .Select(what => what.GetProperty("item").GetRawText()));

        // Pieces aside, it is what a stream sends.
        var streamed = ResponsesClient.Events(await ReadAsync(server, Body + ",\"stream\":true}"));
        Assert.Equal(Kinds(streamed), Kinds(events));
        Assert.Equal(
            Enumerable.Range(0, events.Count), events.Select(what => what.GetProperty("sequence_number").GetInt32()));
    }

    [Fact]
    public async Task A_stream_whose_client_leaves_ends_as_cancelled()
    {
        await using var server = await StartAsync();
        server.Models.Gate = new FlushGate();
        server.Models.Chunks = [new GenerationChunk { Content = "a" }];
        server.Models.HangsAtEnd = true;
        string id;
        using (var response = await server.Client.SendAsync(
            ResponsesClient.Post("{\"model\":\"test\",\"stream\":true,\"input\":\"Hi\"}"),
            HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            using var reader = new StreamReader(body);
            await reader.ReadLineAsync(Cancel);
            id = JsonElement.Parse((await reader.ReadLineAsync(Cancel))!["data: ".Length..])
                .GetProperty("response").Text("id")!;
        }

        await server.Models.Canceled.Task.WaitAsync(Cancel);
        JsonElement found;
        do
        {
            (_, found) = await server.SendAsync(HttpMethod.Get, "/v1/responses/" + id);
        }
        while (found.Text("status") == "in_progress");

        Assert.Equal("cancelled", found.Text("status"));
        Assert.Equal("a", found.GetProperty("output")[0].GetProperty("content")[0].Text("text"));
        Assert.Equal("incomplete", found.GetProperty("output")[0].Text("status"));
    }

    [Theory]
    [InlineData("{\"model\":\"test\",\"input\":\"Hi\",\"store\":false}", 60)]
    [InlineData("{\"model\":\"test\",\"input\":\"Hi\"}", 0)]
    public async Task What_is_not_to_be_kept_is_not(string body, int minutes)
    {
        await using var server = await StartAsync(
            configure: options => options.Responses.KeepTime = TimeSpan.FromMinutes(minutes));
        var (_, made) = await server.PostAsync(body);
        Assert.False(made.GetProperty("store").GetBoolean());
        var (status, _) = await server.SendAsync(HttpMethod.Get, "/v1/responses/" + made.Text("id"));
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task A_response_is_forgotten_after_its_time()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(time: time);
        var (_, made) = await server.PostAsync("{\"model\":\"test\",\"input\":\"Hi\"}");
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + made.Text("id"))).Status);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + made.Text("id"))).Status);
        var (status, body) = await server.PostAsync(
            "{\"model\":\"test\",\"input\":\"Hi\",\"previous_response_id\":\"" + made.Text("id") + "\"}");
        Assert.Equal(400, status);
        Assert.Equal($"previous response \"{made.Text("id")}\" not found", body.Message());
    }

    [Theory]
    [InlineData(2, 1_000_000)]
    [InlineData(100, 8_000)]
    public async Task The_oldest_makes_room_for_the_newest(int countMax, long bytesMax)
    {
        await using var server = await StartAsync(configure: options =>
        {
            options.Responses.CountMax = countMax;
            options.Responses.BytesMax = bytesMax;
        });
        var ids = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            var (_, made) = await server.PostAsync(
                "{\"model\":\"test\",\"input\":\"" + new string('a', bytesMax < 100_000 ? 1000 : 1) + "\"}");
            ids.Add(made.Text("id")!);
        }

        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + ids[0])).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/v1/responses/" + ids[2])).Status);
    }

    [Fact]
    public async Task Events_beyond_the_limit_are_no_longer_kept_and_that_is_said()
    {
        await using var server = await StartAsync(configure: options => options.Responses.EventBytesMax = 3000);
        var stream = await ReadAsync(server, "{\"model\":\"test\",\"stream\":true,\"input\":\"Hi\"}");
        var path = "/v1/responses/" + ResponsesClient.Events(stream)[0].GetProperty("response").Text("id");
        var (status, body) = await server.SendAsync(HttpMethod.Get, path + "?stream=true");
        Assert.Equal(400, status);
        Assert.Matches("^the events of this response are kept from number [0-9]+ on$", body.Message());
        var first = body.Message()!.Split(' ')[^2];
        var kept = await server.Client.GetStringAsync(
            $"{path}?stream=true&starting_after={int.Parse(first) - 1}", Cancel);
        Assert.Equal("response.completed", ResponsesClient.Events(kept)[^1].Text("type"));
    }

    private static string[] Kinds(IReadOnlyList<JsonElement> events) =>
    [
        .. events.Select(what => what.Text("type")!).Where((type, index) =>
            index == 0 || type != events[index - 1].Text("type")),
    ];

    private static string[] Types(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(item => item.Text("type")!)];

    private static async Task<string> ReadAsync(ApiServer server, string body)
    {
        using var response = await server.Client.SendAsync(ResponsesClient.Post(body), Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<ApiServer> StartAsync(
        string script = "greeting", Action<ApiOptions>? configure = null, TimeProvider? time = null)
    {
        var server = await ApiServer.StartAsync(configure, time);
        server.Models.Gate.Open();
        Scripts.Set(server.Models, script);
        return server;
    }
}
