using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.FunctionalTests.Cli;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>A quantization that nobody waits for any more ends soon and leaves nothing.</summary>
public sealed class QuantizationTests : IDisposable
{
    private const string CtrlC = "\u0003";

    private readonly TemporaryDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_leaves_ends_it()
    {
        var (server, quantizer) = await StartAsync();
        await using var started = server;
        var before = Contents(server);
        using (var leaving = new CancellationTokenSource())
        using (var response = await server.OpenAsync("create", "/api/create", Request(), leaving.Token))
        {
            await quantizer.Standing;
            Assert.Contains(Contents(server), file => !before.Contains(file));
        }

        await server.Requests.EndedAsync("create");
        Assert.Equal(before, Contents(server));
        await AssertQuantizedNextAsync(server, quantizer);
    }

    [Fact(Timeout = 120_000)]
    public async Task Ctrl_C_at_the_command_line_ends_it()
    {
        var (server, quantizer) = await StartAsync();
        await using var started = server;
        var before = Contents(server);
        var modelfile = Path.Combine(_folder.Path, "Modelfile");
        await File.WriteAllTextAsync(modelfile, "FROM tiny-chat\n", Token);
        using var terminal = PseudoTerminal.Start(server.Address, $"create small -q q8_0 -f '{modelfile}'");
        await terminal.WaitForAsync("quantizing F16 model");
        await quantizer.Standing;
        await terminal.TypeAsync(CtrlC);
        Assert.Equal(130, await terminal.WaitForEndAsync());

        await quantizer.Ended;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!before.SequenceEqual(Contents(server)))
        {
            await timer.WaitForNextTickAsync(Token);
        }

        await AssertQuantizedNextAsync(server, quantizer);
    }

    private static async Task<(HostedServer Server, HeldQuantizer Quantizer)> StartAsync()
    {
        HeldQuantizer? quantizer = null;
        var server = await HostedServer.StartAsync(services: services =>
        {
            var real = services.Last(service => service.ServiceType == typeof(IWeightsQuantizer));
            services.AddSingleton<IWeightsQuantizer>(provider =>
                quantizer = new HeldQuantizer((IWeightsQuantizer)real.ImplementationFactory!(provider)));
        });
        _ = server.Services.GetRequiredService<IWeightsQuantizer>();
        return (server, quantizer!);
    }

    private static async Task AssertQuantizedNextAsync(HostedServer server, HeldQuantizer quantizer)
    {
        // The one at hand when it was canceled is written, and the next one was begun at most.
        Assert.InRange(quantizer.TensorCount, 1, 2);
        Assert.Equal(404, (await server.PostAsync("/api/show", "{\"model\":\"small\"}")).Status);

        var said = await server.CreateAsync(JsonNode.Parse(Request())!.AsObject());
        Assert.Contains("quantizing F16 model to Q8_0", said);
        Assert.Equal("Q8_0", await server.DetailAsync("small", "quantization_level"));
        Assert.Equal("The capital of France is Paris.", await server.AnswerAsync("small"));
    }

    private static string Request() => """{"model":"small","from":"tiny-chat","quantize":"q8_0"}""";

    // What the list keeps for itself is no part of a model.
    private static string[] Contents(HostedServer server) =>
        [.. server.StoredFiles().Where(file => file.StartsWith("blobs") || file.StartsWith("manifests"))];
}
