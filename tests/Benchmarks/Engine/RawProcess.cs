using System.Diagnostics;
using System.Globalization;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>The raw loop in a process of its own, as the product is in one.</summary>
internal sealed class RawProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RawProcess(ChildProcess process) => _process = process;

    /// <summary>Starts it and returns when the model is loaded.</summary>
    public static async Task<RawProcess> StartAsync(
        BenchmarkStore store, int threadCount, CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start(
            "Ollama.Platform.Benchmarks.dll",
            [RawCommand.Name, store.WeightsPath, threadCount.ToString(CultureInfo.InvariantCulture)]);
        await process.ReadAsync(cancellationToken);
        return new RawProcess(process);
    }

    /// <summary>Continues a prompt.</summary>
    public async Task<RunReading> GenerateAsync(int tokensMax, string prompt, CancellationToken cancellationToken)
    {
        var cpu = CpuTime.Of(_process.Id);
        var clock = Stopwatch.StartNew();
        await _process.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{tokensMax} {prompt}"), cancellationToken);
        var answer = await _process.ReadAsync(cancellationToken);
        var wall = clock.Elapsed;
        return new RunReading(
            int.Parse(answer, CultureInfo.InvariantCulture), CpuTime.Of(_process.Id) - cpu, wall);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
