using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;
using Ollama.Platform.Host.Options;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>
/// Runners in processes of their own, which are killed, stopped and broken. One after the other: a test finds its
/// runner among this process's children.
/// </summary>
[Collection(nameof(ChildRunnerTests))]
public sealed class ChildRunnerTests
{
    private const string Stopped = "model runner has unexpectedly stopped";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_answers_as_in_this_process_and_its_memory_goes_with_its_process()
    {
        await using var inside = await HostedServer.StartAsync();
        await using var server = await StartAsync();
        foreach (var (path, request, member) in Requests)
        {
            var expected = (await inside.AskAsync(path, request)).GetProperty(member).GetRawText();
            Assert.Equal(expected, (await server.AskAsync(path, request)).GetProperty(member).GetRawText());
        }

        var runners = ChildProcesses.Runners(Environment.ProcessId);
        Assert.Equal(2, runners.Count);
        Assert.Equal(2, (await server.LoadedNamesAsync()).Count);
        var listeners = ChildProcesses.Listeners(server.Address.Port);
        Assert.NotEmpty(listeners);
        foreach (var runner in runners)
        {
            Assert.Empty(ChildProcesses.Sockets(runner).Intersect(listeners));
            Assert.Single(ChildProcesses.Sockets(runner));
        }

        await server.AskAsync("/api/generate", """{"model":"tiny-chat","keep_alive":0}""");
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a","keep_alive":0}""");
        Assert.Empty(await server.LoadedNamesAsync());
        foreach (var runner in runners)
        {
            await ChildProcesses.WaitUntilGoneAsync(runner);
        }
    }

    [Fact]
    public async Task A_process_that_is_killed_ends_its_streams_with_an_error_and_the_next_request_starts_another()
    {
        await using var server = await StartAsync();
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        var other = ChildProcesses.SingleRunner();
        using var response = await server.OpenAsync("stream", "/api/generate", Tokens(-1, stream: true), Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"done\":false", await reader.ReadLineAsync(Token));
        var killed = Assert.Single(ChildProcesses.Runners(Environment.ProcessId), id => id != other);
        await ChildProcesses.SignalAsync(killed, "KILL");

        var lines = (await reader.ReadToEndAsync(Token)).TrimEnd('\n').Split('\n');
        var error = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("error").GetString();
        Assert.StartsWith(Stopped, error);
        Assert.EndsWith("signal: killed", error);
        await AssertServedAsync(server);
        Assert.Contains(other, ChildProcesses.Runners(Environment.ProcessId));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("ABRT", "signal: aborted")]
    [InlineData("SEGV", "signal: segmentation fault")]
    public async Task A_process_that_breaks_ends_its_own_streams_alone(string signal, string words)
    {
        var weights = GgufEdit.WithBytes(
            await File.ReadAllBytesAsync(HandmadeStore.ChatWeights, Token), "llama.context_length", sizeof(int),
            BitConverter.GetBytes(4096));
        await using var server = await StartAsync(
            store: store => store.Model("other", store.Layer("model", weights)));
        using var spared = await StreamAsync(server, "other");
        var sparedId = ChildProcesses.SingleRunner();
        using var first = await StreamAsync(server, "tiny-chat");
        using var second = await StreamAsync(server, "tiny-chat");

        await ChildProcesses.SignalUntilGoneAsync(
            Assert.Single(ChildProcesses.Runners(Environment.ProcessId), id => id != sparedId), signal);
        foreach (var stream in new[] { first, second })
        {
            var last = (await stream.ReadToEndAsync(Token)).TrimEnd('\n').Split('\n')[^1];
            var error = JsonElement.Parse(last).GetProperty("error").GetString();
            Assert.StartsWith(Stopped, error);
            Assert.EndsWith(words, error);
        }

        await AssertServedAsync(server);
        Assert.Contains("\"done\":false", await spared.ReadLineAsync(Token));
        Assert.Contains(sparedId, ChildProcesses.Runners(Environment.ProcessId));
    }

    [Fact]
    public async Task A_process_that_hangs_is_ended_and_a_request_that_was_sent_nothing_does_not_notice()
    {
        await using var server = await StartAsync(options => options with { StepTimeout = TimeSpan.FromSeconds(2) });
        await AssertServedAsync(server);
        var hanging = ChildProcesses.SingleRunner();
        await ChildProcesses.SignalAsync(hanging, "STOP");
        await AssertServedAsync(server);
        Assert.NotEqual(hanging, ChildProcesses.SingleRunner());
    }

    [Fact]
    public async Task A_process_that_hangs_in_the_middle_of_a_stream_is_ended_with_an_error()
    {
        await using var server = await StartAsync(options => options with { StepTimeout = TimeSpan.FromSeconds(2) });
        using var response = await server.OpenAsync("stream", "/api/generate", Tokens(-1, stream: true), Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"done\":false", await reader.ReadLineAsync(Token));
        await ChildProcesses.SignalAsync(ChildProcesses.SingleRunner(), "STOP");
        Assert.Contains("did not answer within", await reader.ReadToEndAsync(Token));
        await AssertServedAsync(server);
    }

    [Theory]
    [InlineData("kill -ABRT $$", "signal: aborted")]
    [InlineData("kill -SEGV $$", "signal: segmentation fault")]
    [InlineData("echo 'ggml.c:1: GGML_ASSERT(x) failed' >&2; exit 3", "exit status 3: ggml.c:1: GGML_ASSERT(x) failed")]
    [InlineData("yes | head -c 1000000; exit 4", "exit status 4")]
    public async Task A_load_that_ends_its_process_is_told_to_whoever_asked(string script, string words)
    {
        await using var server = await StartAsync(command: ["/bin/sh", "-c", script]);
        var (status, body) = await server.PostAsync("/api/generate", Tokens(5, stream: false));
        Assert.Equal(500, status);
        Assert.Contains($"runner process has terminated: {words}", JsonDocument.Parse(body).RootElement
            .GetProperty("error").GetString());
        Assert.Empty(await server.LoadedNamesAsync());
        Assert.Empty(ChildProcesses.Runners(Environment.ProcessId));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_too()
    {
        await using var server = await StartAsync(command: ["/nowhere/ollama"]);
        var (status, body) = await server.PostAsync("/api/generate", Tokens(5, stream: false));
        Assert.Equal(500, status);
        Assert.Contains("the runner could not be started", body);
    }

    [Fact]
    public async Task A_load_that_stalls_is_given_up_with_its_process()
    {
        await using var server = await StartAsync(
            options => options with { LoadTimeout = TimeSpan.FromMilliseconds(300) },
            command: ["/bin/sh", "-c", "exec tail -f /dev/null"]);
        var (status, body) = await server.PostAsync("/api/generate", Tokens(5, stream: false));
        Assert.Equal(500, status);
        Assert.Contains("timed out waiting for the model to load", body);
        Assert.Empty(ChildProcesses.Runners(Environment.ProcessId));
    }

    [Fact]
    public async Task A_draft_model_lives_in_the_process_of_its_model()
    {
        await using var server = await StartAsync();
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-draft.gguf");
        var digest = await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "fast",
            ["from"] = "tiny-chat",
            ["draft_files"] = new JsonObject { ["d.gguf"] = digest },
        });
        Assert.Equal(await server.AnswerAsync("tiny-chat"), await server.AnswerAsync("fast"));
        Assert.Single(ChildProcesses.Runners(Environment.ProcessId));
    }

    [Fact]
    public async Task An_adapter_is_loaded_into_the_process_of_its_weights()
    {
        await using var server = await StartAsync();
        var path = Path.Combine(AppContext.BaseDirectory, "Stores", "tiny-chat-pirate-lora.gguf");
        var digest = await server.UploadAsync(await File.ReadAllBytesAsync(path, Token));
        await server.CreateAsync(new JsonObject
        {
            ["model"] = "pirate",
            ["from"] = "tiny-chat",
            ["adapters"] = new JsonObject { ["a.gguf"] = digest },
        });
        var plain = await server.AnswerAsync("tiny-chat");
        Assert.NotEqual(plain, await server.AnswerAsync("pirate"));
        Assert.Equal(plain, await server.AnswerAsync("tiny-chat"));
        Assert.Single(ChildProcesses.Runners(Environment.ProcessId));
        Assert.Equal(2, (await server.LoadedNamesAsync()).Count);
    }

    private static (string Path, string Request, string Member)[] Requests { get; } =
    [
        ("/api/generate", Tokens(5, stream: false), "response"),
        ("/api/embed", """{"model":"tiny-embed","input":["a","b c d"]}""", "embeddings"),
    ];

    private static Task<HostedServer> StartAsync(
        Func<ServerOptions, ServerOptions>? configure = null, IReadOnlyList<string>? command = null,
        Action<HandmadeStore>? store = null) =>
        HostedServer.StartAsync(
            options => (configure?.Invoke(options) ?? options) with { Runner = RunnerKind.Process },
            store,
            services: services =>
            {
                if (command is not null)
                {
                    services.PostConfigure<RunnerOptions>(runner => runner.Command = command);
                }
            });

    private static async Task AssertServedAsync(HostedServer server)
    {
        var answer = await server.AskAsync("/api/generate", Tokens(5, stream: false));
        Assert.Equal("xxxxx", answer.GetProperty("response").GetString());
    }

    /// <summary>An answer without end that has begun.</summary>
    private static async Task<StreamReader> StreamAsync(HostedServer server, string model)
    {
        var response = await server.OpenAsync(model, "/api/generate", Tokens(-1, stream: true, model), Token);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"done\":false", await reader.ReadLineAsync(Token));
        return reader;
    }

    private static string Tokens(int count, bool stream, string model = "tiny-chat") =>
        "{\"model\":\"" + model + "\",\"prompt\":\"x\",\"raw\":true,\"stream\":" + (stream ? "true" : "false")
        + ",\"options\":{\"temperature\":0,\"num_predict\":" + count + "}}";
}
