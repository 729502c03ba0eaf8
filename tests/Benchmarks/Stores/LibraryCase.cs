using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>A long list of models, and what showing one costs that is a thousand times as long as another.</summary>
internal static class LibraryCase
{
    private const long LongBytes = 4L << 30;

    // Until the compiler has come to rest.
    private const int WarmUpCount = 40;

    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        StoreOptions options, string weightsPath, CancellationToken cancellationToken)
    {
        using var folder = new StoreFolder();
        var config = new ModelConfig { Format = "gguf", Family = "llama", Families = ["llama"] };
        Layer weights;
        await using (var file = File.OpenRead(weightsPath))
        {
            weights = await folder.AddAsync(MediaTypes.Model, file, cancellationToken);
        }

        for (var number = 0; number < options.ModelCount; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"You are number {number}.");
            using var system = new MemoryStream(Encoding.UTF8.GetBytes(text));
            await folder.AddModelAsync(
                string.Create(CultureInfo.InvariantCulture, $"model-{number}"), config,
                [weights, await folder.AddAsync(MediaTypes.System, system, cancellationToken)], cancellationToken);
        }

        await AddLongAsync(folder, weightsPath, config, cancellationToken);
        double cold;
        await using (var earlier = await StoreHost.StartAsync(folder.Path, cancellationToken))
        {
            cold = await TimeAsync(() => earlier.GetAsync("api/tags", cancellationToken));
        }

        await using var host = await StoreHost.StartAsync(folder.Path, cancellationToken);
        var restarted = await TimeAsync(() => host.GetAsync("api/tags", cancellationToken));
        var warm = new List<double>();
        for (var run = -WarmUpCount; run < options.PairCount; run++)
        {
            var time = await TimeAsync(() => host.GetAsync("api/tags", cancellationToken));
            warm.AddRange(run >= 0 ? [time] : []);
        }

        var shows = await Sides.PairAsync(
            options.PairCount,
            _ => TimeAsync(() => ShowAsync("long")),
            _ => TimeAsync(() => ShowAsync("model-0")));
        return
        [
            Alone("/api/tags, first", $"{options.ModelCount} models", [cold]),
            Alone("/api/tags, first after a restart", $"{options.ModelCount} models", [restarted]),
            Alone("/api/tags", $"{options.ModelCount} models", warm),
            Alone("/api/show, 4 GiB", "long", [.. shows.Select(pair => pair.Ours)]) with
            {
                Against = "/api/show, 5 MB",
                Reference = shows.Select(pair => pair.Reference).Median(),
                Ratio = shows.Select(pair => pair.Ours / pair.Reference).Median(),
                RatioMin = shows.Min(pair => pair.Ours / pair.Reference),
                RatioMax = shows.Max(pair => pair.Ours / pair.Reference),
            },
        ];

        Task ShowAsync(string model) => host.SendAsync(
            HttpMethod.Post, "api/show", new JsonObject { ["model"] = model, ["verbose"] = true }, cancellationToken);
    }

    /// <summary>The same header before a tensor area without end, most of which takes no room on the disk.</summary>
    private static async Task AddLongAsync(
        StoreFolder folder, string weightsPath, ModelConfig config, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder.Path, "long");
        File.Copy(weightsPath, path);
        await using var file = File.Open(path, FileMode.Open);
        file.SetLength(LongBytes);
        var digest = Contracts.Library.Digest.FromHash(
            await System.Security.Cryptography.SHA256.HashDataAsync(file, cancellationToken));
        File.Move(path, folder.Paths.Blob(digest));
        await folder.AddModelAsync(
            "long", config, [new Layer { MediaType = MediaTypes.Model, Digest = digest, Size = LongBytes }],
            cancellationToken);
    }

    private static CaseResult Alone(string name, string model, List<double> runs) => new()
    {
        Case = name,
        Model = model,
        Threads = Environment.ProcessorCount,
        Unit = "ms",
        Pairs = runs.Count,
        Ours = runs.Median(),
    };

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var clock = Stopwatch.StartNew();
        await call();
        return clock.Elapsed.TotalMilliseconds;
    }
}
