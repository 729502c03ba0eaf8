using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Pulls and pushes as their callers see them: shared, outliving, resumed.</summary>
public sealed partial class TransferTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_callers_follow_one_pull_and_it_goes_on_when_both_leave()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(3 * RegistryHost.PartBytes);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        registry.Script = async (_, stage, _) =>
        {
            if (stage == "GET blob")
            {
                asked.TrySetResult();
                await answer.Task.WaitAsync(Token);
            }

            return false;
        };
        await using var server = await RegistryHost.StartAsync();
        var body = $$"""{"model":"{{registry.Model}}","insecure":true}""";
        using (var first = await server.OpenAsync("first", "/api/pull", body, Token))
        using (var second = await server.OpenAsync("second", "/api/pull", body, Token))
        {
            await asked.Task.WaitAsync(Token);
            foreach (var response in new[] { first, second })
            {
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
                Assert.Equal("""{"status":"pulling manifest"}""", await reader.ReadLineAsync(Token));
                Assert.Contains(digest, await reader.ReadLineAsync(Token));
            }
        }

        answer.SetResult();
        await server.Events.SeenAsync("Done");

        await server.AssertHasAsync(registry);
        Assert.Single(registry.Requests, request => request.Stage == "GET manifest");
    }

    [Fact]
    public async Task The_lines_of_a_pull_are_those_of_Ollama()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(1000);
        await using var server = await RegistryHost.StartAsync();
        await server.SucceedAsync("pull", registry.Model);

        var config = registry.Blobs.Keys.Single(blob => blob != digest);
        var (_, body) = await server.PostAsync("/api/pull", $$"""{"model":"{{registry.Model}}","insecure":true}""");
        Assert.Equal(
            $$"""
            {"status":"pulling manifest"}
            {"status":"pulling {{digest[7..19]}}","digest":"{{digest}}","total":1000,"completed":1000}
            {"status":"pulling {{config[7..19]}}","digest":"{{config}}","total":23,"completed":23}
            {"status":"verifying sha256 digest"}
            {"status":"writing manifest"}
            {"status":"success"}

            """,
            body);

        // A new version takes the old one's layers with it.
        registry.Blobs.Clear();
        registry.AddModel(2000);
        var lines = await server.TransferAsync("pull", registry.Model);
        Assert.Equal(
            ["verifying sha256 digest", "writing manifest", "removing unused layers", "success"],
            lines.TakeLast(4).Select(line => line.GetProperty("status").GetString()));
        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task A_push_skips_what_is_there_and_resumes_what_breaks()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var server = await RegistryHost.StartAsync(store => store.Model(
            "scripted", store.Layer("model", new byte[(2 * RegistryHost.PartBytes) + 5])));
        await server.PostAsync(
            "/api/copy", $$"""{"source":"scripted","destination":"{{registry.Model}}"}""");
        registry.Script = async (context, stage, count) =>
        {
            if (stage == "PATCH upload" && count == 2)
            {
                await registry.TakeSomeAsync(context, 1000);
                return true;
            }

            return false;
        };

        await server.SucceedAsync("push", registry.Model);

        Assert.Equal(await File.ReadAllBytesAsync(server.ManifestPath(registry.Model), Token), registry.Manifest);
        await server.AssertHasAsync(registry);
        Assert.Contains(registry.Requests, request => request.Stage == "GET upload");

        registry.Requests.Clear();
        await server.SucceedAsync("push", registry.Model);
        Assert.DoesNotContain(registry.Requests, request => request.Stage == "POST upload");
    }

    [Fact]
    public async Task Pieces_of_a_push_go_where_the_registry_keeps_them()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var kept = await ScriptedRegistry.StartAsync();
        await using var server = await RegistryHost.StartAsync(store => store.Model(
            "scripted", store.Layer("model", new byte[RegistryHost.PartBytes + 5])));
        await server.PostAsync(
            "/api/copy", $$"""{"source":"scripted","destination":"{{registry.Model}}"}""");
        var (received, etag) = (0L, "");
        kept.Script = async (context, _, _) =>
        {
            var piece = new MemoryStream();
            await context.Request.Body.CopyToAsync(piece);
            received += piece.Length;
            return true;
        };
        registry.Script = (context, stage, count) =>
        {
            var upload = context.Request.Path.Value!;
            switch (stage)
            {
                case "PATCH upload" when context.Request.Headers["X-Redirect-Uploads"] == "1":
                    context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                    context.Response.Headers.Location = $"http://{kept.Host}/piece/{count}";
                    context.Response.Headers["Docker-Upload-Location"] = upload;
                    return Task.FromResult(true);
                case "PUT upload":
                    etag = context.Request.Query["etag"].ToString();
                    context.Response.StatusCode = StatusCodes.Status201Created;
                    return Task.FromResult(true);
                default:
                    return Task.FromResult(false);
            }
        };

        await server.SucceedAsync("push", registry.Model);

        Assert.Matches("^[0-9a-f]{32}-1$", etag);
        Assert.True(received > RegistryHost.PartBytes);
        Assert.All(kept.Requests, request => Assert.Equal("", request.Authorization));
    }

    [Fact]
    public async Task A_push_of_a_model_that_is_not_here_says_so_without_the_folder()
    {
        await using var server = await RegistryHost.StartAsync();
        var lines = await server.TransferAsync("push", "localhost:1/library/nope");
        Assert.Equal(
            [
                """{"status":"retrieving manifest"}""",
                """{"status":"couldn't retrieve manifest"}""",
                """{"error":"open localhost:1/library/nope/latest: no such file or directory"}""",
            ],
            lines.Select(line => line.GetRawText()));
    }

    [Fact]
    public async Task A_bandwidth_limit_holds()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(400_000);
        await using var server = await RegistryHost.StartAsync(
            settings: settings => settings with { BytesPerSecondMax = 1_000_000 });
        var begun = TimeProvider.System.GetTimestamp();
        await server.SucceedAsync("pull", registry.Model);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.39));
    }

    [Fact]
    public async Task A_pull_that_was_killed_goes_on_where_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL.");
        await using var registry = await ScriptedRegistry.StartAsync();
        using var directory = new TemporaryDirectory();
        // Records are kept every 4 MiB, and what is shorter than 8 MiB is one range.
        var digest = registry.AddModel(7 * 1024 * 1024);
        var killed = new TaskCompletionSource();
        registry.Script = async (context, stage, count) =>
        {
            if (stage != "GET blob" || count > 1)
            {
                return false;
            }

            await ScriptedRegistry.SendAsync(
                context, registry.Blobs[digest], cutAfter: 6 * 1024 * 1024, killed.Task);
            return true;
        };
        var body = $$"""{"model":"{{registry.Model}}","insecure":true}""";
        using (var server = ServerProcess.Start(directory.Path))
        {
            using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = await server.AddressAsync() };
            using var response = await PostAsync(client, body);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            long completed = 0;
            while (completed <= 5 * 1024 * 1024)
            {
                var line = await reader.ReadLineAsync(Token);
                Assert.NotNull(line);
                completed = Completed().Match(line) is { Success: true } match ? long.Parse(match.Groups[1].Value) : 0;
            }

            await server.SignalAsync("KILL");
            killed.SetResult();
        }

        registry.Requests.Clear();
        using (var server = ServerProcess.Start(directory.Path))
        {
            using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = await server.AddressAsync() };
            using var response = await PostAsync(client, body);
            Assert.EndsWith("{\"status\":\"success\"}\n", await response.Content.ReadAsStringAsync(Token));
            await server.SignalAsync("TERM");
        }

        var range = registry.Requests.First(request => request.Stage == "GET blob").Range;
        var from = long.Parse(range["bytes=".Length..].Split('-')[0]);
        Assert.True(from is >= 4 * 1024 * 1024 and < 7 * 1024 * 1024, range);
        var blobs = Path.Combine(directory.Path, "blobs");
        Assert.Equal(registry.Blobs[digest], await File.ReadAllBytesAsync(
            Path.Combine(blobs, digest.Replace(':', '-')), Token));
        Assert.Empty(Directory.EnumerateFiles(blobs, "*-partial*"));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/pull") { Content = new StringContent(body) },
        HttpCompletionOption.ResponseHeadersRead, Token);

    [GeneratedRegex("\"completed\":(\\d+)")]
    private static partial Regex Completed();
}
