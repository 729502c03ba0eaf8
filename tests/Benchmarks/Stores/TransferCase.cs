using System.Diagnostics;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>
/// Pull and blob upload, verified and on disk, against what <c>curl</c> moves over the same link to the same disk.
/// </summary>
internal static class TransferCase
{
    private const string Model = "bench";

    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        StoreOptions options, CancellationToken cancellationToken)
    {
        using var source = new StoreFolder();
        using var target = new StoreFolder();
        var blob = await AddRandomAsync(source, options.BlobMebibytes, cancellationToken);
        var blobPath = source.Paths.Blob(blob.Digest);
        await source.AddModelAsync(Model, new ModelConfig { Format = "gguf" }, [blob], cancellationToken);
        await using var registry = await StoreHost.StartAsync(source.Path, cancellationToken);
        await using var server = await StoreHost.StartAsync(target.Path, cancellationToken);
        var name = $"{registry.Address.Authority}/library/{Model}";
        var scratch = Path.Combine(target.Path, "scratch");
        var pulls = await Sides.PairAsync(
            options.PairCount,
            async _ => await RateAsync(blob.Size, () => server.SendAsync(
                HttpMethod.Post, "api/pull",
                new JsonObject { ["model"] = name, ["insecure"] = true, ["stream"] = false }, cancellationToken),
                () => server.SendAsync(
                    HttpMethod.Delete, "api/delete", new JsonObject { ["model"] = name }, cancellationToken)),
            async _ => await RateAsync(
                blob.Size,
                () => CurlAsync(
                    ["-o", scratch, $"{registry.Address}v2/library/{Model}/blobs/{blob.Digest}"], cancellationToken),
                () => Remove(scratch)));
        await using var sink = new ByteSink(scratch);
        var uploads = await Sides.PairAsync(
            options.PairCount,
            async _ => await RateAsync(
                blob.Size,
                () => CurlAsync(
                    ["-X", "POST", "-T", blobPath, $"{server.Address}api/blobs/{blob.Digest}"], cancellationToken),
                () => Remove(target.Paths.Blob(blob.Digest))),
            async _ => await RateAsync(
                blob.Size,
                () => CurlAsync(["-T", blobPath, $"{sink.Address}"], cancellationToken),
                () => Remove(scratch)));
        return
        [
            Result("pull, hashed and flushed", "curl to a file", options, pulls),
            Result("blob upload, hashed and flushed", "curl to a sink", options, uploads),
        ];
    }

    private static CaseResult Result(
        string name, string against, StoreOptions options, IReadOnlyList<(double Ours, double Reference)> pairs)
    {
        var ratios = pairs.Select(pair => pair.Ours / pair.Reference).ToList();
        return new CaseResult
        {
            Case = name,
            Model = $"{options.BlobMebibytes} MiB",
            Threads = Environment.ProcessorCount,
            Unit = "MB/s",
            Pairs = pairs.Count,
            Ours = pairs.Select(pair => pair.Ours).Median(),
            Against = against,
            Reference = pairs.Select(pair => pair.Reference).Median(),
            Ratio = ratios.Median(),
            RatioMin = ratios.Min(),
            RatioMax = ratios.Max(),
        };
    }

    private static async Task<double> RateAsync(long bytes, Func<Task> move, Func<Task> remove)
    {
        var clock = Stopwatch.StartNew();
        await move();
        var rate = bytes / 1e6 / clock.Elapsed.TotalSeconds;
        await remove();
        return rate;
    }

    private static async Task CurlAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(
            new ProcessStartInfo("curl", ["--silent", "--fail", "--header", "Expect:", .. arguments]))
            ?? throw new InvalidOperationException("curl did not start.");
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"curl ended with {process.ExitCode}.");
        }
    }

    private static Task Remove(string path)
    {
        File.Delete(path);
        return Task.CompletedTask;
    }

    private static async Task<Layer> AddRandomAsync(
        StoreFolder folder, int mebibytes, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder.Path, "random");
        await using (var file = File.Create(path))
        {
            var piece = new byte[1 << 20];
            var random = new Random(mebibytes);
            for (var index = 0; index < mebibytes; index++)
            {
                random.NextBytes(piece);
                await file.WriteAsync(piece, cancellationToken);
            }
        }

        await using var content = File.OpenRead(path);
        var layer = await folder.AddAsync(MediaTypes.Model, content, cancellationToken);
        File.Delete(path);
        return layer;
    }
}
