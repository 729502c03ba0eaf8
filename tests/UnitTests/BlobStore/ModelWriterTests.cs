using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class ModelWriterTests : IDisposable
{
    private readonly Store _store = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_manifest_without_its_blobs_is_refused_and_changes_nothing()
    {
        await WriteAsync("model", "old");
        var manifest = new Manifest { Config = new Layer { Digest = Digest.Of("absent"u8) } };

        var failure = await Assert.ThrowsAsync<BlobMissingException>(
            () => _store.Writer.WriteAsync(Store.Name("model"), manifest, null, Aborted));

        Assert.Equal(Digest.Of("absent"u8), failure.Digest);
        Assert.Equal(["model-config", "old"], Blobs("model-config", "old"));
    }

    [Fact]
    public async Task What_only_the_replaced_manifest_needed_goes()
    {
        await WriteAsync("model", "old", "shared");
        await WriteAsync("other", "shared");
        await WriteAsync("MODEL", "new");

        Assert.Equal(["shared", "new"], Blobs("old", "shared", "new"));
        Assert.Equal(["model:latest", "other:latest"], Names());
    }

    [Fact]
    public async Task A_copy_needs_no_room_and_a_blob_goes_with_the_last_model()
    {
        await WriteAsync("model", "weights");
        Assert.True(await _store.Writer.CopyAsync(Store.Name("model"), Store.Name("me/copy:v1"), Aborted));
        Assert.True(await _store.Writer.CopyAsync(Store.Name("model"), Store.Name("MODEL:LATEST"), Aborted));
        Assert.Equal(["me/copy:v1", "model:latest"], Names());

        Assert.True(await _store.Writer.DeleteAsync(Store.Name("model"), Aborted));
        Assert.Equal(["weights"], Blobs("weights"));
        Assert.True(await _store.Writer.DeleteAsync(Store.Name("me/copy:V1"), Aborted));
        Assert.Empty(Blobs("weights", "model-config"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Paths.Manifests));
    }

    [Fact]
    public async Task What_is_not_here_can_be_neither_copied_nor_deleted()
    {
        Assert.False(await _store.Writer.CopyAsync(Store.Name("nope"), Store.Name("copy"), Aborted));
        Assert.False(await _store.Writer.DeleteAsync(Store.Name("nope"), Aborted));
        Assert.False(Directory.Exists(_store.Paths.Manifests));
    }

    [Fact]
    public async Task A_damaged_manifest_can_be_deleted_and_meanwhile_no_blob_is_removed()
    {
        await WriteAsync("good", "weights");
        await WriteAsync("half", "precious");
        var path = _store.Paths.Manifest(Store.Name("half"));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Aborted))[..60], Aborted);

        await Assert.ThrowsAnyAsync<JsonException>(
            () => _store.Writer.CopyAsync(Store.Name("half"), Store.Name("copy"), Aborted));
        Assert.True(await _store.Writer.DeleteAsync(Store.Name("good"), Aborted));
        Assert.Equal(["weights", "precious"], Blobs("weights", "precious"));

        Assert.True(await _store.Writer.DeleteAsync(Store.Name("half"), Aborted));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task A_link_among_the_manifests_may_need_any_blob()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege.");
        await WriteAsync("model", "weights");
        Directory.CreateSymbolicLink(Path.Combine(_store.Paths.Manifests, "elsewhere"), _store.Paths.Root);

        Assert.True(await _store.Writer.DeleteAsync(Store.Name("model"), Aborted));

        Assert.Equal(["weights"], Blobs("weights"));
    }

    [Fact]
    public async Task A_claimed_blob_stays_until_the_claim_ends()
    {
        await WriteAsync("model", "weights");
        using (var claim = _store.Claims.Begin())
        {
            claim.Add(Digest.Of("weights"u8));
            claim.Add(Digest.Of("weights"u8));
            await _store.Writer.DeleteAsync(Store.Name("model"), Aborted);
            Assert.Equal(["weights"], Blobs("weights"));
        }

        await WriteAsync("model", "weights");
        await _store.Writer.DeleteAsync(Store.Name("model"), Aborted);
        Assert.Empty(Blobs("weights"));
    }

    [Fact]
    public async Task Without_pruning_every_blob_stays()
    {
        using var store = new Store(prunes: false);
        var layer = await store.AddAsync(MediaTypes.Model, "weights"u8.ToArray(), Aborted);
        await store.Writer.WriteAsync(Store.Name("model"), new Manifest { Config = layer }, null, Aborted);
        await store.Writer.DeleteAsync(Store.Name("model"), Aborted);
        Assert.True(store.Blobs.TryGetPath(layer.Digest, out _));
    }

    [Fact]
    public async Task Another_process_that_holds_the_store_is_waited_for()
    {
        await WriteAsync("model", "weights");
        var held = new FileStream(_store.Paths.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var deletion = _store.Writer.DeleteAsync(Store.Name("model"), Aborted);
        Assert.False(deletion.IsCompleted);
        Assert.Equal(["model:latest"], Names());

        await held.DisposeAsync();

        Assert.True(await deletion);
    }

    [Fact]
    public async Task Many_writers_and_deleters_leave_no_model_without_its_blobs()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var round = 0; round < 30; round++)
            {
                var name = "m" + random.Next(3);
                if (random.Next(3) == 0)
                {
                    await _store.Writer.DeleteAsync(Store.Name(name), Aborted);
                }
                else
                {
                    await WriteAsync(name, "layer" + random.Next(3));
                }
            }
        })));

        var needed = _store.Manifests.List((_, open) => open()?.Manifest, Aborted)
            .SelectMany(manifest => manifest.Digests).ToHashSet();
        Assert.All(needed, digest => Assert.True(_store.Blobs.TryGetPath(digest, out _), $"{digest} is gone."));
        Assert.Equal(needed, _store.Paths.EnumerateBlobs().Select(blob => blob.Digest).ToHashSet());
    }

    private async Task WriteAsync(string name, params string[] layers)
    {
        using var claim = _store.Claims.Begin();
        var stored = new List<Layer>();
        foreach (var content in layers.Append(name + "-config"))
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            claim.Add(Digest.Of(bytes));
            stored.Add(await _store.AddAsync(MediaTypes.Model, bytes, Aborted));
        }

        await _store.Writer.WriteAsync(
            Store.Name(name), new Manifest { Config = stored[^1], Layers = stored[..^1] }, claim, Aborted);
    }

    private string[] Blobs(params string[] contents) =>
        [.. contents.Where(content => _store.Blobs.TryGetPath(Digest.Of(Encoding.UTF8.GetBytes(content)), out _))];

    private string[] Names() =>
        [.. _store.Manifests.List((head, _) => head.Name.DisplayName, Aborted).Order(StringComparer.Ordinal)];
}
