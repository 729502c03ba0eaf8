using System.Net;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Requests that bring the model they use.</summary>
public sealed class PullOnDemandTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_of_all_dialects_wait_for_one_pull_and_go_on_as_usual()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(await File.ReadAllBytesAsync(TinyChat, Token));
        var answer = HoldBlobs(registry);
        await using var server = await StartAsync(registry, "library/*");
        const string Options = "\"options\":{\"temperature\":0},\"think\":false";
        var native = server.PostAsync("/api/chat", $"{{\"model\":\"scripted\",{Options},{Messages}}}");
        var whole = server.PostAsync(
            "/api/generate", $"{{\"model\":\"Scripted:latest\",\"prompt\":\"Hi\",\"stream\":false,{Options}}}");
        var openAi = server.PostAsync(
            "/v1/chat/completions", $"{{\"model\":\"scripted\",\"temperature\":0,\"stream\":true,{Messages}}}");
        var anthropic = server.PostAsync(
            "/v1/messages", $"{{\"model\":\"scripted\",\"max_tokens\":64,\"stream\":true,{Messages}}}");
        await server.Events.SeenAsync("Pulling", 4);
        Assert.DoesNotContain([native, whole, openAi, anthropic], request => request.IsCompleted);
        answer.SetResult();

        Assert.EndsWith("\"done\":true", (await ReadAsync(native)).Split(",\"done_reason\"")[0]);
        Assert.Contains("\"done\":true", await ReadAsync(whole));
        Assert.EndsWith("data: [DONE]\n\n", await ReadAsync(openAi));
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", await ReadAsync(anthropic));
        Assert.Single(registry.Requests, request => request.Stage == "GET manifest");
    }

    [Fact]
    public async Task A_request_that_leaves_does_not_end_the_pull()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(await File.ReadAllBytesAsync(TinyChat, Token));
        var answer = HoldBlobs(registry);
        await using var server = await StartAsync(registry, "*");
        using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var request = server.OpenAsync(
                "first", "/api/chat", $"{{\"model\":\"scripted\",{Messages}}}", leaving.Token);
            await server.Events.SeenAsync("Pulling");
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
            await server.Requests.EndedAsync("first");
        }

        answer.SetResult();
        await server.Events.SeenAsync("Done");
        Assert.Contains("\"scripted:latest\"", await server.Client.GetStringAsync("/api/tags", Token));
    }

    [Theory]
    [InlineData("/api/chat", "\"stream\":true,", "{\"error\":\"model 'nope' not found\"}")]
    [InlineData("/api/embed", "\"input\":\"a\",", "{\"error\":\"model \\\"nope\\\" not found, try pulling it first\"}")]
    [InlineData("/v1/chat/completions", "", "not_found_error")]
    [InlineData("/v1/embeddings", "\"input\":\"a\",", "not_found_error")]
    [InlineData("/v1/messages", "\"max_tokens\":1,", "not_found_error")]
    public async Task A_model_that_its_registry_does_not_have_is_not_found(string path, string fields, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Script = (context, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.FromResult(true);
        };
        await using var server = await StartAsync(registry, "*");
        var (status, body) = await server.PostAsync(path, $"{{\"model\":\"nope\",{fields}{Messages}}}");
        Assert.Equal(404, status);
        Assert.Contains(expected, body);
        Assert.Single(registry.Requests);

        // The same registry, asked by a pull, is quoted.
        Assert.Equal("pull model manifest: file does not exist", await server.FailAsync("pull", "nope"));
    }

    [Theory]
    [InlineData("/api/generate", "\"prompt\":\"a\",", "{\"error\":\"pull model manifest: 403: no\"}")]
    [InlineData("/v1/chat/completions", "", "\"type\":\"api_error\"")]
    [InlineData("/v1/messages", "\"max_tokens\":1,", "\"type\":\"api_error\"")]
    public async Task A_pull_that_fails_fails_its_requests_in_their_dialects(
        string path, string fields, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Script = async (context, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("no", Token);
            return true;
        };
        await using var server = await StartAsync(registry, "*");
        var (status, body) = await server.PostAsync(path, $"{{\"model\":\"nope\",{fields}{Messages}}}");
        Assert.Equal(500, status);
        Assert.Contains(expected, body);
        Assert.Contains("pull model manifest: 403: no", body);
    }

    [Fact]
    public async Task What_is_not_allowed_or_not_used_is_not_pulled()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var server = await StartAsync(registry, "library/scripted:8b");
        foreach (var (path, body) in new[]
        {
            ("/api/chat", "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"),
            ("/api/chat", "{\"model\":\"scripted:8b\",\"messages\":[],\"keep_alive\":0}"),
            ("/api/generate", "{\"model\":\"scripted:8b\",\"keep_alive\":0}"),
            ("/api/show", "{\"model\":\"scripted:8b\"}"),
            ("/api/copy", "{\"source\":\"scripted:8b\",\"destination\":\"b\"}"),
        })
        {
            Assert.Equal(404, (await server.PostAsync(path, body)).Status);
        }

        using var found = await server.Client.GetAsync("/v1/models/scripted:8b", Token);
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
        Assert.Empty(registry.Requests);
    }

    private static string TinyChat => Path.Combine(AppContext.BaseDirectory, "models", "tiny-chat.gguf");

    private static TaskCompletionSource HoldBlobs(ScriptedRegistry registry)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        registry.Script = async (_, stage, _) =>
        {
            if (stage == "GET blob")
            {
                await answer.Task.WaitAsync(Token);
            }

            return false;
        };
        return answer;
    }

    private static Task<HostedServer> StartAsync(ScriptedRegistry registry, string allowed)
    {
        Assert.True(ModelPattern.TryParse(allowed, out var pattern));
        return RegistryHost.StartAsync(
            settings: settings => settings with { Default = new Uri($"http://{registry.Host}") },
            server: options => options with { PulledOnDemand = [pattern] });
    }

    private static async Task<string> ReadAsync(Task<(int Status, string Body)> request)
    {
        var (status, body) = await request;
        Assert.True(status == 200, $"{status}: {body}");
        return body;
    }
}
