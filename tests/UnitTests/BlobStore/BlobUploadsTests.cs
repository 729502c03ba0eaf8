using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class BlobUploadsTests : IDisposable
{
    private const int UploadCountMax = 3;

    private readonly Store _store = new();
    private readonly ManualTimeProvider _time = new();
    private readonly BlobUploads _uploads;

    public BlobUploadsTests() => _uploads = new BlobUploads(
        _store.Paths,
        _store.Verdicts,
        Options.Create(new BlobStoreOptions
        {
            Directory = _store.Paths.Root,
            BlobBytesMax = 10,
            UploadCountMax = UploadCountMax,
            UploadIdleTimeMax = TimeSpan.FromMinutes(30),
        }),
        _time,
        NullLogger<BlobUploads>.Instance);

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _uploads.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_damaged_blob_is_replaced()
    {
        var digest = Digest.Of("abc"u8);
        await _store.AddAsync("", "abc"u8.ToArray(), Aborted);
        _store.Damage(digest);

        var id = (await _uploads.BeginAsync(Aborted))!;
        await _uploads.AppendAsync(id, 0, new MemoryStream("abc"u8.ToArray()), Aborted);

        Assert.True(await _uploads.CommitAsync(id, digest, Aborted));
        Assert.Equal("abc", await File.ReadAllTextAsync(_store.Paths.Blob(digest), Aborted));
    }

    [Fact]
    public async Task Pieces_become_a_blob()
    {
        var id = await BeginAsync();
        Assert.Equal(new UploadPosition(true, 3), await AppendAsync(id, 0, "abc"));
        Assert.Equal(new UploadPosition(true, 5), await AppendAsync(id, null, "de"));
        Assert.Equal(5, await _uploads.FindAsync(id, Aborted));

        Assert.True(await _uploads.CommitAsync(id, Digest.Of("abcde"u8), Aborted));

        Assert.Equal(5, await _store.Blobs.StatAsync(Digest.Of("abcde"u8), Aborted));
        Assert.Null(await _uploads.FindAsync(id, Aborted));
        Assert.Equal(1, CountFiles());
    }

    [Fact]
    public async Task A_piece_that_begins_elsewhere_is_not_read()
    {
        var id = await BeginAsync();
        await AppendAsync(id, 0, "abc");
        Assert.Equal(new UploadPosition(false, 3), await AppendAsync(id, 2, "x"));
        Assert.Equal(new UploadPosition(false, 3), await AppendAsync(id, 4, "x"));
        Assert.True(await _uploads.CommitAsync(id, Digest.Of("abc"u8), Aborted));
    }

    [Fact]
    public async Task What_came_before_the_connection_broke_stays()
    {
        var id = await BeginAsync();
        await Assert.ThrowsAsync<IOException>(
            () => _uploads.AppendAsync(id, 0, new BreakingStream("abc"u8.ToArray()), Aborted));
        Assert.Equal(3, await _uploads.FindAsync(id, Aborted));
        await AppendAsync(id, 3, "d");
        Assert.True(await _uploads.CommitAsync(id, Digest.Of("abcd"u8), Aborted));
    }

    [Fact]
    public async Task Another_digest_ends_the_upload_and_leaves_nothing()
    {
        var id = await BeginAsync();
        await AppendAsync(id, 0, "abc");
        await Assert.ThrowsAsync<BlobMismatchException>(
            () => _uploads.CommitAsync(id, Digest.Of("other"u8), Aborted));
        Assert.Null(await _uploads.FindAsync(id, Aborted));
        Assert.Equal(0, CountFiles());
    }

    [Fact]
    public async Task Content_over_the_limit_ends_the_upload_and_leaves_nothing()
    {
        var id = await BeginAsync();
        await Assert.ThrowsAsync<BlobStorageException>(() => AppendAsync(id, 0, "12345678901"));
        Assert.Null(await _uploads.FindAsync(id, Aborted));
        Assert.Equal(0, CountFiles());
    }

    [Fact]
    public async Task Uploads_are_counted_and_make_room_when_they_are_given_up()
    {
        var id = await BeginAsync();
        await BeginAsync();
        await BeginAsync();
        Assert.Null(await _uploads.BeginAsync(Aborted));
        Assert.True(await _uploads.CancelAsync(id, Aborted));
        Assert.False(await _uploads.CancelAsync(id, Aborted));
        await BeginAsync();
    }

    [Fact]
    public async Task Giving_an_upload_up_breaks_off_the_piece_that_arrives()
    {
        var id = await BeginAsync();
        var sender = new Pipe();
        var append = _uploads.AppendAsync(id, 0, sender.Reader.AsStream(), Aborted);
        await sender.Writer.WriteAsync("abc"u8.ToArray(), Aborted);

        Assert.True(await _uploads.CancelAsync(id, Aborted));

        Assert.Null(await append);
        Assert.Equal(0, CountFiles());
    }

    [Fact]
    public async Task Giving_an_upload_up_breaks_off_a_commit_that_waits_for_what_lies_there()
    {
        var digest = Digest.Of("abc"u8);
        await _store.AddAsync("", "abc"u8.ToArray(), Aborted);
        _store.Damage(digest);
        var (reading, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        var read = _store.Verdicts.IsWholeAsync(digest, Hold, Aborted);
        await reading.Task.WaitAsync(Aborted);
        var id = await BeginAsync();
        await AppendAsync(id, 0, "abc");
        var commit = _uploads.CommitAsync(id, digest, Aborted);
        try
        {
            var cancel = _uploads.CancelAsync(id, Aborted);
            Assert.False(await commit.WaitAsync(TimeSpan.FromSeconds(30), Aborted));
            Assert.True(await cancel);
            Assert.Equal(1, CountFiles());
        }
        finally
        {
            held.SetResult();
            await read;
        }

        void Hold(long bytes)
        {
            reading.TrySetResult();
            held.Task.GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task Whoever_leaves_while_a_commit_waits_can_come_back_for_it()
    {
        var id = await BeginAsync();
        var sender = new Pipe();
        var append = _uploads.AppendAsync(id, 0, sender.Reader.AsStream(), Aborted);
        using (var leaving = new CancellationTokenSource())
        {
            var commit = _uploads.CommitAsync(id, Digest.Of("abc"u8), leaving.Token);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        }

        await sender.Writer.WriteAsync("abc"u8.ToArray(), Aborted);
        await sender.Writer.CompleteAsync();
        Assert.Equal(new UploadPosition(true, 3), await append);
        Assert.True(await _uploads.CommitAsync(id, Digest.Of("abc"u8), Aborted));
    }

    [Fact]
    public async Task An_upload_that_stands_still_is_given_up()
    {
        var (moving, still) = (await BeginAsync(), await BeginAsync());
        _time.Advance(TimeSpan.FromMinutes(29));
        await AppendAsync(moving, 0, "a");
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(await _uploads.FindAsync(still, Aborted));
        Assert.Equal(1, await _uploads.FindAsync(moving, Aborted));
        Assert.Equal(1, CountFiles());
    }

    [Fact]
    public async Task An_unknown_upload_is_unknown_to_all()
    {
        Assert.Null(await _uploads.FindAsync("../x", Aborted));
        Assert.Null(await AppendAsync("x", 0, "a"));
        Assert.False(await _uploads.CommitAsync("x", Digest.Of("a"u8), Aborted));
    }

    private async Task<string> BeginAsync()
    {
        var id = await _uploads.BeginAsync(Aborted);
        Assert.NotNull(id);
        return id;
    }

    private Task<UploadPosition?> AppendAsync(string id, long? offset, string content) =>
        _uploads.AppendAsync(id, offset, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), Aborted);

    private int CountFiles() => Directory.EnumerateFiles(_store.Paths.Blobs).Count();

    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            Position == Length
                ? throw new IOException("The connection broke.")
                : await base.ReadAsync(buffer, cancellationToken);
    }
}
