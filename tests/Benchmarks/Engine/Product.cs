using System.Globalization;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The product as a user starts it.</summary>
/// <param name="Program">The host that was published; null for that of this build.</param>
internal sealed record Product(string? Program = null)
{
    private const string Name = "Ollama.Platform.Host";

    /// <summary>Reads the option: the directory of a published host; null where there is none.</summary>
    public static Product? TryOpen(string directory) =>
        Path.GetFullPath(Path.Combine(directory, Name)) is var program && File.Exists(program)
            ? new Product(program)
            : null;

    /// <summary>Starts the host on a free port and returns when it listens.</summary>
    public async Task<IServer> StartAsync(
        BenchmarkStore store, ServerSetup setup, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            ["OLLAMA_HOST"] = "127.0.0.1:0",
            ["OLLAMA_MODELS"] = store.Directory,
            ["OLLAMA_KEEP_ALIVE"] = "-1",
            ["OLLAMA_SHIPPED_MODELS"] = "0",
            ["OLLAMA_NUM_PARALLEL"] = setup.SlotCount is { } slotCount ? Text(slotCount) : "",
            ["OLLAMA_KV_UNIFIED"] = setup.OursIsUnified?.ToString() ?? "",
            ["OLLAMA_PRELOAD"] = setup.Preloads ? store.ModelName : "",

            // As the requests ask for it, or the first would have the model loaded again.
            ["OLLAMA_CONTEXT_LENGTH"] = setup.Preloads ? Text(setup.ContextTokens) : "",
        };
        var process = Program is null
            ? ChildProcess.Start($"{Name}.dll", [], environment)
            : ChildProcess.StartProgram(Program, [], environment);
        var client = new ServerClient(await process.ReadAddressAsync(cancellationToken));
        return new StartedServer(process, new OllamaServer(client, process.Id, store.ModelName, setup));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
