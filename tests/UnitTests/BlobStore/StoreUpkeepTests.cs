using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class StoreUpkeepTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Store _store = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Only_old_unfinished_files_are_removed()
    {
        Directory.CreateDirectory(_store.Paths.Blobs);
        Directory.CreateDirectory(_store.Paths.Manifests);
        string[] old =
        [
            _store.Paths.NewTemporaryBlob(), _store.Paths.NewTemporaryManifest(),
            _store.Paths.Blob(Digest.Of("x"u8)) + "-partial", _store.Paths.Blob(Digest.Of("x"u8)) + "-partial-3",
            Path.Combine(_store.Paths.Blobs, "sha256-123456"),
        ];
        string[] kept =
        [
            Path.Combine(_store.Paths.Manifests, "mine.tmp"), Path.Combine(_store.Paths.Blobs, "README"),
        ];
        foreach (var path in old.Concat(kept))
        {
            await WriteAsync(path, LongAgo);
        }

        string[] young = [_store.Paths.NewTemporaryBlob(), _store.Paths.Blob(Digest.Of("y"u8)) + "-partial"];
        foreach (var path in young)
        {
            await File.WriteAllTextAsync(path, "x", Aborted);
        }

        await StartAsync();

        Assert.All(old, path => Assert.False(File.Exists(path), path));
        Assert.All([.. kept, .. young], path => Assert.True(File.Exists(path), path));
    }

    [Fact]
    public async Task A_store_that_does_not_exist_needs_no_upkeep()
    {
        Directory.Delete(_store.Paths.Root);
        await StartAsync();
        Assert.False(Directory.Exists(_store.Paths.Root));
        Directory.CreateDirectory(_store.Paths.Root);
    }

    [Fact]
    public async Task Blobs_that_no_model_needs_go_after_an_hour()
    {
        var needed = await _store.AddAsync(MediaTypes.Model, "needed"u8.ToArray(), Aborted);
        var unneeded = await _store.AddAsync(MediaTypes.Model, "unneeded"u8.ToArray(), Aborted);
        var young = await _store.AddAsync(MediaTypes.Model, "young"u8.ToArray(), Aborted);
        File.SetLastWriteTimeUtc(_store.Paths.Blob(needed.Digest), LongAgo);
        File.SetLastWriteTimeUtc(_store.Paths.Blob(unneeded.Digest), LongAgo);
        await _store.Writer.WriteAsync(Store.Name("model"), new Manifest { Config = needed }, null, Aborted);

        await StartAsync();

        Assert.Equal(
            new[] { needed.Digest, young.Digest }.ToHashSet(),
            _store.Paths.EnumerateBlobs().Select(blob => blob.Digest).ToHashSet());
    }

    [Fact]
    public async Task Nothing_is_pruned_while_a_manifest_is_damaged()
    {
        var unneeded = await _store.AddAsync(MediaTypes.Model, "unneeded"u8.ToArray(), Aborted);
        File.SetLastWriteTimeUtc(_store.Paths.Blob(unneeded.Digest), LongAgo);
        var path = _store.Paths.Manifest(Store.Name("half"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "{\"schemaVersion\":2,\"conf", Aborted);

        await StartAsync();

        Assert.True(File.Exists(_store.Paths.Blob(unneeded.Digest)));
    }

    [Fact]
    public async Task Blobs_under_their_old_names_are_found_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The old names cannot exist there.");
        var layer = await _store.AddAsync(MediaTypes.Model, "content"u8.ToArray(), Aborted);
        File.Move(_store.Paths.Blob(layer.Digest), Path.Combine(_store.Paths.Blobs, layer.Digest.ToString()));

        await StartAsync();

        Assert.Equal("content", await File.ReadAllTextAsync(_store.Paths.Blob(layer.Digest), Aborted));
        Assert.Single(Directory.EnumerateFiles(_store.Paths.Blobs));
    }

    private static async Task WriteAsync(string path, DateTime time)
    {
        await File.WriteAllTextAsync(path, "x", Aborted);
        File.SetLastWriteTimeUtc(path, time);
    }

    private Task StartAsync() => new StoreUpkeep(
        _store.Paths, _store.Lock, _store.Unused, TimeProvider.System, NullLogger<StoreUpkeep>.Instance)
        .StartAsync(Aborted);
}
