using System.Net;
using System.Text;
using System.Text.Json;
using Ollama.Platform.UnitTests.Api.Responses;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Batches;

public sealed class FilesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_taken_described_listed_read_and_deleted()
    {
        await using var server = await ApiServer.StartAsync();
        var (status, file) = await server.UploadAsync("{}\n");
        Assert.Equal(200, status);
        Assert.Matches("^file-[0-9a-f]{48}$", file.Text("id"));
        Assert.Equal(
            "{\"id\":\"" + file.Text("id") + "\",\"object\":\"file\",\"bytes\":3,\"created_at\":1787306400,"
            + "\"expires_at\":1789898400,\"filename\":\"lines.jsonl\",\"purpose\":\"batch\",\"status\":\"processed\","
            + "\"status_details\":null}",
            file.GetRawText());
        var path = "/v1/files/" + file.Text("id");
        Assert.Equal(file.GetRawText(), (await server.SendAsync(HttpMethod.Get, path)).Body.GetRawText());
        Assert.Equal("{}\n", await server.Client.GetStringAsync(path + "/content", Cancel));
        var (_, list) = await server.SendAsync(HttpMethod.Get, "/v1/files?purpose=batch");
        Assert.Equal(file.GetRawText(), Assert.Single(list.GetProperty("data").EnumerateArray()).GetRawText());
        var (_, none) = await server.SendAsync(HttpMethod.Get, "/v1/files?purpose=batch_output");
        Assert.Equal(
            "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}",
            none.GetRawText());
        var (_, deleted) = await server.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(
            "{\"id\":\"" + file.Text("id") + "\",\"object\":\"file\",\"deleted\":true}", deleted.GetRawText());
        foreach (var (method, which) in ((HttpMethod, string)[])
            [(HttpMethod.Get, ""), (HttpMethod.Get, "/content"), (HttpMethod.Delete, "")])
        {
            var (gone, body) = await server.SendAsync(method, path + which);
            Assert.Equal((404, "No such File object: " + file.Text("id")), (gone, body.Message()));
        }
    }

    [Fact]
    public async Task A_file_outlives_the_server()
    {
        var time = new FixedTime();
        var kept = new ApiServer.Kept(new MemoryRecords(time), new MemoryFileContents());
        JsonElement file;
        await using (var server = await ApiServer.StartAsync(kept: kept))
        {
            (_, file) = await server.UploadAsync("abc");
        }

        await using var next = await ApiServer.StartAsync(kept: kept);
        Assert.Equal("abc", await next.Client.GetStringAsync($"/v1/files/{file.Text("id")}/content", Cancel));
    }

    [Fact]
    public async Task A_file_expires_and_its_bytes_go()
    {
        var time = new ManualTimeProvider();
        var kept = new ApiServer.Kept(new MemoryRecords(time), new MemoryFileContents());
        await using var server = await ApiServer.StartAsync(time: time, kept: kept);
        var (_, file) = await server.UploadAsync(
            "abc", fields: [("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600")]);
        Assert.Equal(3600, file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at").GetInt64());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, "/v1/files/" + file.Text("id"))).Status);
        await server.SendAsync(HttpMethod.Get, "/v1/files");
        Assert.Empty(kept.Contents.Ids);
    }

    [Theory]
    [InlineData("created_at", "3599")]
    [InlineData("created_at", "2592001")]
    [InlineData("created_at", "soon")]
    [InlineData("now", "3600")]
    public async Task A_time_that_has_no_meaning_is_refused_and_nothing_is_kept(string anchor, string seconds)
    {
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        await using var server = await ApiServer.StartAsync(kept: kept);
        var (status, body) = await server.UploadAsync(
            "abc", fields: [("expires_after[anchor]", anchor), ("expires_after[seconds]", seconds)]);
        Assert.Equal(400, status);
        Assert.Equal(
            "expires_after needs the anchor \"created_at\" and between 3600 and 2592000 seconds", body.Message());
        Assert.Empty(kept.Contents.Ids);
    }

    [Theory]
    [InlineData("fine-tune", "invalid purpose: \"fine-tune\" (must be \"batch\")")]
    [InlineData("", "the field purpose is required")]
    public async Task A_purpose_that_there_is_not_is_refused_and_nothing_is_kept(string purpose, string message)
    {
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        await using var server = await ApiServer.StartAsync(kept: kept);
        var (status, body) = await server.UploadAsync("abc", purpose);
        Assert.Equal((400, message), (status, body.Message()));
        Assert.Empty(kept.Contents.Ids);
    }

    [Fact]
    public async Task What_is_too_long_or_too_much_is_refused_and_nothing_is_kept()
    {
        var kept = new ApiServer.Kept(new MemoryRecords(new FixedTime()), new MemoryFileContents());
        await using var server = await ApiServer.StartAsync(
            options =>
            {
                options.Batches.FileBytesMax = 5;
                options.Batches.AllFileBytesMax = 8;
                options.Batches.FileCountMax = 2;
            },
            kept: kept);
        var (status, body) = await server.UploadAsync("123456");
        Assert.Equal((413, "the file is longer than the 5 bytes that are allowed"), (status, body.Message()));
        Assert.Equal(200, (await server.UploadAsync("12345")).Status);
        (status, body) = await server.UploadAsync("1234");
        Assert.Equal((413, "the file is longer than the 3 bytes that are allowed"), (status, body.Message()));
        Assert.Equal(200, (await server.UploadAsync("123")).Status);
        (status, body) = await server.UploadAsync("");
        Assert.Equal((413, "there are 2 files; delete some of them"), (status, body.Message()));
        Assert.Equal(2, kept.Contents.Ids.Count);
    }

    [Theory]
    [InlineData("application/json", "{}", "the body must be multipart/form-data with the fields file and purpose")]
    [InlineData("multipart/form-data", "", "the body must be multipart/form-data with the fields file and purpose")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nX: y\r\n\r\nz\r\n--b--", "a field of the form has no name")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b--", "the field file is required")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--b--", "the file needs a name of at most 255 characters")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbat", "unexpected EOF")]
    [InlineData("multipart/form-data; boundary=b", "nothing", "unexpected EOF")]
    public async Task What_is_no_upload_is_refused(string type, string body, string message)
    {
        await using var server = await ApiServer.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await server.Client.PostAsync("/v1/files", content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(message, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)).Message());
    }

    [Fact]
    public async Task A_field_that_is_too_long_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var (status, body) = await server.UploadAsync("abc", fields: [("note", new string('a', 5000))]);
        Assert.Equal((400, "the field \"note\" is longer than 4096 bytes"), (status, body.Message()));
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        var ids = new List<string?>();
        for (var index = 0; index < 3; index++)
        {
            ids.Add((await server.UploadAsync("x")).Body.Text("id"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var (_, first) = await server.SendAsync(HttpMethod.Get, "/v1/files?limit=2");
        Assert.Equal((ids[2], ids[1], true), (
            first.Text("first_id"), first.Text("last_id"), first.GetProperty("has_more").GetBoolean()));
        var (_, second) = await server.SendAsync(HttpMethod.Get, $"/v1/files?limit=2&after={ids[1]}");
        Assert.Equal((ids[0], false), (second.Text("first_id"), second.GetProperty("has_more").GetBoolean()));
        var (_, oldest) = await server.SendAsync(HttpMethod.Get, "/v1/files?order=asc&limit=1");
        Assert.Equal(ids[0], oldest.Text("first_id"));
    }
}
