using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Local;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>A silo in one process on a scripted runner and a manual clock.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    public TestSilo(SiloOptions options, Func<IClusterHost, IClusterHost>? wrap = null)
    {
        var residency = new Residency(Runners.ListDevices, options, Time, NullLogger<Residency>.Instance);
        var assembler = new PromptAssembler(new ChatFormats(), Time);
        var loader = new ReplicaLoader(
            Runners, residency, digest => $"/blobs/{digest.Hex}", options, Time, NullLogger<ReplicaLoader>.Instance);
        var actors = new ActorFactory(
            loader, new GenerationRun(new PromptTokens(assembler)), new LoadWaiters(options.QueueLengthMax), options,
            Time, NullLoggerFactory.Instance);
        Local = new LocalHost(actors, options, Time, NullLogger<LocalHost>.Instance);
        Host = wrap is null ? Local : wrap(Local);
        Models = new ModelRouter(
            Library, Library, Host, assembler, () => 64, options, new TokenMetrics(Meters), Time,
            NullLogger<ModelRouter>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public TestMeters Meters { get; } = new();

    public ScriptedRunnerLoader Runners { get; } = new();

    public ScriptedLibrary Library { get; } = new();

    public LocalHost Local { get; }

    public IClusterHost Host { get; }

    public IModels Models { get; }

    public static GenerationRequest Chat(string model, string text = "hi") => new()
    {
        Model = model,
        Kind = GenerationKind.Chat,
        Messages = [new ChatMessage { Role = "user", Content = text }],
    };

    public static Dictionary<string, JsonElement> Option(string name, int value) =>
        new() { [name] = JsonSerializer.SerializeToElement(value) };

    /// <summary>Starts a generation and reads it to its end in the background.</summary>
    public Task<IReadOnlyList<GenerationChunk>> StartAsync(
        GenerationRequest request, CancellationTokenSource? client = null)
    {
        var cancellationToken = client?.Token ?? CancellationToken.None;
        return ReadAsync();

        async Task<IReadOnlyList<GenerationChunk>> ReadAsync()
        {
            List<GenerationChunk> chunks = [];
            await foreach (var chunk in Models.GenerateAsync(request, cancellationToken))
            {
                chunks.Add(chunk);
            }

            return chunks;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        Meters.Dispose();
    }
}
