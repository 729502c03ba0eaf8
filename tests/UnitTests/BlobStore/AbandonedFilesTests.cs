using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class AbandonedFilesTests : IDisposable
{
    private readonly Store _store = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Only_old_unfinished_files_are_removed()
    {
        Directory.CreateDirectory(_store.Paths.Blobs);
        Directory.CreateDirectory(_store.Paths.Manifests);
        string[] old = [_store.Paths.NewTemporaryBlob(), _store.Paths.NewTemporaryManifest()];
        string[] kept =
        [
            _store.Paths.Blob(Digest.Of("x"u8)), _store.Paths.Blob(Digest.Of("x"u8)) + "-partial",
            Path.Combine(_store.Paths.Manifests, "mine.tmp"),
        ];
        foreach (var path in old.Concat(kept))
        {
            await File.WriteAllTextAsync(path, "x", Aborted);
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var young = _store.Paths.NewTemporaryBlob();
        await File.WriteAllTextAsync(young, "x", Aborted);

        await CleanAsync();

        Assert.All(old, path => Assert.False(File.Exists(path)));
        Assert.All([.. kept, young], path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public async Task A_store_that_does_not_exist_needs_no_cleaning() => await CleanAsync();

    private Task CleanAsync() => new AbandonedFiles(
        _store.Paths, TimeProvider.System, NullLogger<AbandonedFiles>.Instance).StartAsync(Aborted);
}
