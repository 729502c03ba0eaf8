using System.Diagnostics;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>
/// Pull and blob upload, verified and on disk, against what <c>curl</c> moves over the same link to the same disk:
/// once as it is, which leaves the disk its work for later, once with the flush that makes it comparable.
/// </summary>
internal sealed class TransferCase(StoreOptions options, int megabits, StoreHost server, StoreFolder target)
{
    private const string Model = "bench";

    private string Scratch => Path.Combine(target.Path, "scratch");

    public static async Task<IReadOnlyList<CaseResult>> MeasureAsync(
        StoreOptions options, int megabits, CancellationToken cancellationToken)
    {
        using var source = new StoreFolder();
        using var target = new StoreFolder();
        var blob = await AddRandomAsync(source, options.BlobMebibytes, cancellationToken);
        var manifest = await source.AddModelAsync(
            Model, new ModelConfig { Format = "gguf" }, [blob], cancellationToken);
        await using var server = await StoreHost.StartAsync(target.Path, cancellationToken);
        var measure = new TransferCase(options, megabits, server, target);
        var pulls = await measure.PullAsync(source, manifest, blob, cancellationToken);
        var uploads = await measure.UploadAsync(source.Paths.Blob(blob.Digest), blob, cancellationToken);
        return [.. measure.Results("pull", pulls), .. measure.Results("blob upload", uploads)];
    }

    private async Task<IReadOnlyList<(Transfer Ours, Transfer Reference)>> PullAsync(
        StoreFolder source, StoredManifest manifest, Layer blob, CancellationToken cancellationToken)
    {
        var blobs = manifest.Manifest.Digests.ToDictionary(
            digest => digest.ToString(), digest => File.ReadAllBytes(source.Paths.Blob(digest)));
        await using var registry = new BlobSource(manifest.Bytes.ToArray(), blobs, new Link(megabits));
        var name = $"{registry.Address.Authority}/library/{Model}";
        return await PairAsync(
            () => TimeOursAsync(
                blob.Size,
                () => server.SendAsync(
                    HttpMethod.Post, "api/pull",
                    new JsonObject { ["model"] = name, ["insecure"] = true, ["stream"] = false }, cancellationToken),
                () => server.SendAsync(
                    HttpMethod.Delete, "api/delete", new JsonObject { ["model"] = name }, cancellationToken)),
            () => TimeCurlAsync(
                blob.Size,
                () => Curl.RunAsync(
                    ["-o", Scratch, $"{registry.Address}v2/library/{Model}/blobs/{blob.Digest}"], cancellationToken)));
    }

    private async Task<IReadOnlyList<(Transfer Ours, Transfer Reference)>> UploadAsync(
        string blobPath, Layer blob, CancellationToken cancellationToken)
    {
        await using var sink = new ByteSink(Scratch);
        return await PairAsync(
            () => TimeOursAsync(
                blob.Size,
                () => Curl.RunAsync(
                    ["-X", "POST", "-T", blobPath, .. Curl.Over(megabits), $"{server.Address}api/blobs/{blob.Digest}"],
                    cancellationToken),
                () => Task.Run(() => File.Delete(target.Paths.Blob(blob.Digest)), cancellationToken)),
            () => TimeCurlAsync(
                blob.Size,
                () => Curl.RunAsync(["-T", blobPath, .. Curl.Over(megabits), $"{sink.Address}"], cancellationToken)));
    }

    private async Task<IReadOnlyList<(Transfer Ours, Transfer Reference)>> PairAsync(
        Func<Task<Transfer>> ours, Func<Task<Transfer>> reference)
    {
        // What is compiled at the first time is no cost of a transfer.
        await ours();
        var pairs = new List<(Transfer, Transfer)>();
        for (var number = 0; number < options.PairCount; number++)
        {
            pairs.Add((await ours(), await reference()));
        }

        return pairs;
    }

    private async Task<Transfer> TimeOursAsync(long bytes, Func<Task> move, Func<Task> remove)
    {
        var before = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        await move();
        var elapsed = clock.Elapsed;
        var processor = server.ProcessorTime - before;
        await remove();
        return new Transfer(bytes, elapsed, elapsed, processor);
    }

    private async Task<Transfer> TimeCurlAsync(long bytes, Func<Task<TimeSpan>> move)
    {
        var clock = Stopwatch.StartNew();
        var processor = await move();
        var elapsed = clock.Elapsed;
        using (var file = File.OpenHandle(Scratch, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        var flushed = clock.Elapsed;
        File.Delete(Scratch);
        return new Transfer(bytes, elapsed, flushed, processor);
    }

    private IEnumerable<CaseResult> Results(
        string name, IReadOnlyList<(Transfer Ours, Transfer Reference)> pairs)
    {
        yield return Result(
            $"{name}, hashed and flushed", "MB/s", "curl", pair => (pair.Ours.Rate, pair.Reference.Rate));
        yield return Result(
            $"{name}, hashed and flushed", "MB/s", "curl and a flush",
            pair => (pair.Ours.Rate, pair.Reference.FlushedRate));
        yield return Result(
            $"{name}, processor time of the server", "s/GiB", "curl",
            pair => (pair.Ours.Cost, pair.Reference.Cost));

        CaseResult Result(
            string text, string unit, string against,
            Func<(Transfer Ours, Transfer Reference), (double Ours, double Reference)> read)
        {
            var values = pairs.Select(read).ToList();
            var ratios = values.Select(pair => pair.Ours / pair.Reference).ToList();
            return new CaseResult
            {
                Case = text,
                Model = $"{options.BlobMebibytes} MiB, " + (megabits == 0 ? "loopback" : $"{megabits} Mbit/s"),
                Threads = Environment.ProcessorCount,
                Unit = unit,
                Pairs = values.Count,
                Ours = values.Select(pair => pair.Ours).Median(),
                Against = against,
                Reference = values.Select(pair => pair.Reference).Median(),
                Ratio = ratios.Median(),
                RatioMin = ratios.Min(),
                RatioMax = ratios.Max(),
            };
        }
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
