using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class BlobFilesTests : BlobsConformance, IDisposable
{
    private readonly Store _store = new(BlobBytesMax);

    protected override IBlobs Blobs => _store.Blobs;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_blob_lies_where_Ollama_looks_for_it_and_everybody_may_read_it()
    {
        var digest = Digest.Of("abc"u8);
        await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted);

        Assert.True(_store.Blobs.TryGetPath(digest, out var path));
        Assert.Equal(Path.Combine(_store.Paths.Root, "blobs", "sha256-" + digest.Hex), path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        }
    }

    [Fact]
    public async Task An_unfinished_blob_has_a_name_that_Ollama_clears_away()
    {
        var seen = "";
        var content = new CallbackStream(() => seen = Path.GetFileName(
            Directory.EnumerateFiles(_store.Paths.Blobs).Single()));

        await Blobs.WriteAsync(Digest.Of([]), content, Aborted);

        Assert.StartsWith("sha256-", seen, StringComparison.Ordinal);
        Assert.False(Digest.TryParse(seen, out _));
    }

    [Fact]
    public async Task What_a_crash_left_does_not_count()
    {
        var digest = Digest.Of("abc"u8);
        Directory.CreateDirectory(_store.Paths.Blobs);
        await File.WriteAllTextAsync(_store.Paths.NewTemporaryBlob(), "ab", Aborted);

        Assert.Null(await Blobs.StatAsync(digest, Aborted));
        Assert.True(await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted));
    }

    [Fact]
    public async Task A_blob_removed_while_it_is_read_is_read_to_its_end()
    {
        var digest = Digest.Of("abc"u8);
        await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted);

        await using var stream = await Blobs.OpenReadAsync(digest, Aborted);
        File.Delete(_store.Paths.Blob(digest));

        var content = new MemoryStream();
        await stream!.CopyToAsync(content, Aborted);
        Assert.Equal("abc"u8.ToArray(), content.ToArray());
        Assert.Null(await Blobs.StatAsync(digest, Aborted));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_says_so()
    {
        // A file where the folder should be refuses even the superuser.
        Directory.CreateDirectory(_store.Paths.Root);
        await File.WriteAllTextAsync(_store.Paths.Blobs, "in the way", Aborted);

        await Assert.ThrowsAnyAsync<IOException>(
            () => Blobs.WriteAsync(Digest.Of("abc"u8), new MemoryStream("abc"u8.ToArray()), Aborted));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs the device that is always full.");
        var failure = await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            await full.WriteAsync(new byte[4096], Aborted);
        });

        var refusal = Ollama.Platform.BlobStore.Storage.DurableFile.Explain(failure);
        Assert.Equal("The disk that holds the store is full.", refusal?.Message);
    }

    [Fact]
    public async Task A_damaged_blob_counts_as_absent_and_is_replaced()
    {
        var digest = (await _store.AddAsync("", "abc"u8.ToArray(), Aborted)).Digest;
        _store.Damage(digest);

        // Nobody has looked yet.
        Assert.Equal(3, await Blobs.StatAsync(digest, Aborted));
        Assert.False(await Blobs.HasAsync(digest, Aborted));
        Assert.Null(await Blobs.StatAsync(digest, Aborted));
        await Assert.ThrowsAsync<BlobMismatchException>(
            () => Blobs.WriteAsync(digest, new MemoryStream("other"u8.ToArray()), Aborted));
        Assert.True(await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted));

        Assert.True(await Blobs.HasAsync(digest, Aborted));
        Assert.Equal("abc", await File.ReadAllTextAsync(_store.Paths.Blob(digest), Aborted));
        Assert.Equal(1, CountEntries());
    }

    [Fact]
    public async Task A_blob_that_was_read_is_trusted_until_a_check_finds_it_damaged()
    {
        var layer = await _store.AddAsync("", "abc"u8.ToArray(), Aborted);
        await _store.Writer.WriteAsync(Store.Name("m"), new Manifest { Config = layer }, null, Aborted);
        using var verdicts = _store.NewVerdicts();
        Assert.True(await verdicts.IsWholeAsync(layer.Digest, Aborted));

        // A disk that gives back something else does not move the time of the file.
        var modifiedAt = File.GetLastWriteTimeUtc(_store.Paths.Blob(layer.Digest));
        _store.Damage(layer.Digest);
        File.SetLastWriteTimeUtc(_store.Paths.Blob(layer.Digest), modifiedAt);
        Assert.True(await verdicts.IsWholeAsync(layer.Digest, Aborted));

        await foreach (var finding in new StoreCheck(_store.Paths, _store.Manifests).CheckAsync(Aborted))
        {
            Assert.True(finding.IsDamage);
        }

        long readBytes = 0;
        Assert.False(await verdicts.IsWholeAsync(layer.Digest, bytes => readBytes = bytes, Aborted));
        Assert.Equal(layer.Size, readBytes);
        Assert.True(verdicts.IsKnownDamaged(layer.Digest));
    }

    [Fact]
    public async Task Adopting_a_file_replaces_the_damaged_blob()
    {
        var digest = (await _store.AddAsync("", "abc"u8.ToArray(), Aborted)).Digest;
        _store.Damage(digest);
        var made = _store.Paths.NewTemporaryBlob();
        await File.WriteAllTextAsync(made, "abc", Aborted);
        using var claim = _store.Claims.Begin();

        Assert.Equal((digest, true), await _store.Blobs.AdoptAsync(made, claim, Aborted));

        Assert.Equal("abc", await File.ReadAllTextAsync(_store.Paths.Blob(digest), Aborted));
    }

    protected override int CountEntries() =>
        Directory.Exists(_store.Paths.Blobs) ? Directory.EnumerateFileSystemEntries(_store.Paths.Blobs).Count() : 0;

    /// <summary>An empty stream that lets something happen when it is read.</summary>
    private sealed class CallbackStream(Action read) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            read();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
