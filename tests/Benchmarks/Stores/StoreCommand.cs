using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>Measures the store and prints each result as it comes.</summary>
internal sealed class StoreCommand(StoreOptions options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Only is null or "list")
        {
            var shipped = await ModelCache.OpenShippedAsync("tiny-chat", cancellationToken);
            Print(await LibraryCase.MeasureAsync(options, shipped.WeightsPath, cancellationToken));
        }

        foreach (var megabits in options.Only is null or "transfers" ? options.LinkMegabits : [])
        {
            Print(await TransferCase.MeasureAsync(options, megabits, cancellationToken));
        }
    }

    private void Print(IEnumerable<CaseResult> results)
    {
        foreach (var result in results)
        {
            Terminal.Write(options.Json ? result.ToJson() : result.ToText());
        }
    }
}
