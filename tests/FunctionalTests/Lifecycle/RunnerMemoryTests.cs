using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>Runners to which the system gives no more memory.</summary>
[Collection(nameof(ChildRunnerTests))]
public sealed class RunnerMemoryTests
{
    private const uint ContextTokens = 1_000_000;

    // What the runtime and the library map, and far less than the cells of such a context.
    private const long AddressSpaceKibibytes = 3_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_context_that_is_refused_is_told_and_costs_nobody_else_anything()
    {
        await using var server = await StartAsync();
        await server.AskAsync("/api/embed", """{"model":"tiny-embed","input":"a"}""");
        var other = ChildProcesses.SingleRunner();

        var (status, body) = await server.PostAsync("/api/generate", Ask(ContextTokens));
        Assert.Equal(500, status);
        Assert.Matches(
            "^model requires more memory \\(1\\.[0-9] GiB\\) than could be had, although [0-9.]+ GiB seem to be free: "
            + "insufficient memory ",
            JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());

        Assert.Equal(other, ChildProcesses.SingleRunner());
        Assert.Equal(["tiny-embed:latest"], await server.LoadedNamesAsync());
        var answer = await server.AskAsync("/api/generate", Ask(4096));
        Assert.Equal(5, answer.GetProperty("eval_count").GetInt32());
    }

    private static Task<HostedServer> StartAsync() => HostedServer.StartAsync(
        options => options with { Runner = RunnerKind.Process, NumParallel = 1 },
        store => store.Model("long", store.Layer("model", GgufEdit.WithBytes(
            File.ReadAllBytes(HandmadeStore.ChatWeights), "llama.context_length", sizeof(int),
            BitConverter.GetBytes(ContextTokens)))),
        services: services => services.PostConfigure<RunnerOptions>(runner => runner.Command =
        [
            "/bin/sh", "-c",
            string.Create(CultureInfo.InvariantCulture, $"ulimit -v {AddressSpaceKibibytes}; exec \"$@\""), "sh",
            .. runner.Command,
        ]));

    private static string Ask(uint contextTokens) =>
        "{\"model\":\"long\",\"prompt\":\"x\",\"raw\":true,\"stream\":false,\"options\":{\"temperature\":0,"
        + $"\"num_predict\":5,\"num_ctx\":{contextTokens}}}}}";
}
