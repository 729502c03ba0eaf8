using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Files;
using Ollama.Platform.Silo.Records;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Records;

public sealed class FileContentsTests : FileContentsConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    public async Task A_name_that_could_lead_elsewhere_is_refused(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Create().WriteAsync(id, Stream.Null, 1, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Create().OpenReadAsync(id, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Create().OpenAloneAsync(id, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Create().DeleteAsync(id, Cancel));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_after_an_hour_and_what_is_under_way_stays()
    {
        var contents = Create();
        await contents.WriteAsync("file-1", Stream.Null, 1, Cancel);
        var folder = new StorePaths(_folder.Path).Files;
        var (old, young) = (Path.Combine(folder, "old.tmp"), Path.Combine(folder, "young.tmp"));
        foreach (var path in (string[])[old, young])
        {
            await File.WriteAllTextAsync(path, "x", Cancel);
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime.AddMinutes(path == old ? -1 : 1));
        }

        // Looking through the folder is no part of every upload.
        _time.Advance(TimeSpan.FromMinutes(59));
        await contents.WriteAsync("file-2", Stream.Null, 1, Cancel);
        Assert.True(File.Exists(old));

        _time.Advance(TimeSpan.FromMinutes(1));
        await contents.WriteAsync("file-3", Stream.Null, 1, Cancel);
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task A_source_that_breaks_off_leaves_nothing()
    {
        var contents = Create();
        await Assert.ThrowsAsync<IOException>(() => contents.WriteAsync("file-1", new BrokenStream(), 100, Cancel));
        Assert.Empty(Directory.EnumerateFiles(new StorePaths(_folder.Path).Files));
    }

    protected override IFileContents Create() => new FileContents(new StorePaths(_folder.Path), _time);

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("cut");
    }
}
