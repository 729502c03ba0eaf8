using System.Security.Cryptography;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>What every implementation of <see cref="IBlobs"/> must do.</summary>
public abstract class BlobsConformance
{
    protected const int BlobBytesMax = 1 << 20;

    protected abstract IBlobs Blobs { get; }

    protected static CancellationToken Aborted => TestContext.Current.CancellationToken;

    /// <summary>Nothing but finished blobs may be left behind.</summary>
    protected abstract int CountEntries();

    [Fact]
    public async Task A_written_blob_reads_back()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var digest = Digest.Of(content);

        Assert.True(await Blobs.WriteAsync(digest, new MemoryStream(content), Aborted));

        Assert.Equal(content.Length, await Blobs.StatAsync(digest, Aborted));
        await using var stream = await Blobs.OpenReadAsync(digest, Aborted);
        Assert.Equal(content, await ReadAllAsync(stream!));
        Assert.Equal(1, CountEntries());
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        var digest = Digest.Of([]);
        Assert.True(await Blobs.WriteAsync(digest, Stream.Null, Aborted));
        Assert.Equal(0, await Blobs.StatAsync(digest, Aborted));
    }

    [Fact]
    public async Task An_unknown_blob_is_absent()
    {
        Assert.Null(await Blobs.StatAsync(Digest.Of("none"u8), Aborted));
        Assert.Null(await Blobs.OpenReadAsync(Digest.Of("none"u8), Aborted));
    }

    [Fact]
    public async Task A_part_can_be_read_from_the_middle()
    {
        var digest = Digest.Of("0123456789"u8);
        await Blobs.WriteAsync(digest, new MemoryStream("0123456789"u8.ToArray()), Aborted);

        await using var stream = await Blobs.OpenReadAsync(digest, Aborted);
        stream!.Seek(4, SeekOrigin.Begin);
        var part = new byte[3];
        await stream.ReadExactlyAsync(part, Aborted);

        Assert.Equal("456"u8.ToArray(), part);
    }

    [Fact]
    public async Task A_second_write_does_not_read_its_content()
    {
        var digest = Digest.Of("abc"u8);
        await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted);

        var content = new MemoryStream("other"u8.ToArray());
        Assert.False(await Blobs.WriteAsync(digest, content, Aborted));

        Assert.Equal(0, content.Position);
        Assert.Equal(1, CountEntries());
    }

    [Fact]
    public async Task Content_of_another_digest_leaves_nothing()
    {
        var (expected, actual) = (Digest.Of("expected"u8), Digest.Of("actual"u8));

        var failure = await Assert.ThrowsAsync<BlobMismatchException>(
            () => Blobs.WriteAsync(expected, new MemoryStream("actual"u8.ToArray()), Aborted));

        Assert.Equal((expected, actual), (failure.Expected, failure.Actual));
        Assert.Equal($"digest mismatch, expected \"{expected}\", got \"{actual}\"", failure.Message);
        Assert.Null(await Blobs.StatAsync(expected, Aborted));
        Assert.Null(await Blobs.StatAsync(actual, Aborted));
        Assert.Equal(0, CountEntries());
    }

    [Fact]
    public async Task Content_over_the_limit_leaves_nothing()
    {
        var content = new byte[BlobBytesMax + 1];
        var failure = await Assert.ThrowsAsync<BlobStorageException>(
            () => Blobs.WriteAsync(Digest.Of(content), new MemoryStream(content), Aborted));
        Assert.Contains($"{BlobBytesMax}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, CountEntries());
    }

    [Fact]
    public async Task Content_of_exactly_the_limit_is_accepted() =>
        Assert.True(await Blobs.WriteAsync(
            Digest.Of(new byte[BlobBytesMax]), new MemoryStream(new byte[BlobBytesMax]), Aborted));

    [Fact]
    public async Task A_canceled_write_leaves_nothing()
    {
        using var canceled = new CancellationTokenSource();
        var content = new InterruptedStream(50_000, () => canceled.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Blobs.WriteAsync(Digest.Of("never"u8), content, canceled.Token));

        Assert.Equal(0, CountEntries());
    }

    [Fact]
    public async Task A_sender_that_fails_leaves_nothing()
    {
        var content = new InterruptedStream(50_000, () => throw new IOException("The sender left."));

        var failure = await Assert.ThrowsAsync<IOException>(
            () => Blobs.WriteAsync(Digest.Of("never"u8), content, Aborted));

        Assert.Equal("The sender left.", failure.Message);
        Assert.Equal(0, CountEntries());
    }

    [Fact]
    public async Task Writers_of_one_digest_do_not_disturb_each_other()
    {
        var content = RandomNumberGenerator.GetBytes(200_000);
        var digest = Digest.Of(content);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Task.Run(() => Blobs.WriteAsync(digest, new MemoryStream(content), Aborted), Aborted)));

        await using var stream = await Blobs.OpenReadAsync(digest, Aborted);
        Assert.Equal(content, await ReadAllAsync(stream!));
        Assert.Equal(1, CountEntries());
    }

    [Fact]
    public async Task Readers_share_a_blob()
    {
        var digest = Digest.Of("abc"u8);
        await Blobs.WriteAsync(digest, new MemoryStream("abc"u8.ToArray()), Aborted);

        await using var first = await Blobs.OpenReadAsync(digest, Aborted);
        await using var second = await Blobs.OpenReadAsync(digest, Aborted);

        Assert.Equal("abc"u8.ToArray(), await ReadAllAsync(first!));
        Assert.Equal("abc"u8.ToArray(), await ReadAllAsync(second!));
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        var content = new MemoryStream();
        await stream.CopyToAsync(content, Aborted);
        return content.ToArray();
    }

    /// <summary>Gives some bytes and then lets something happen.</summary>
    private sealed class InterruptedStream(int byteCount, Action interrupt) : MemoryStream(new byte[byteCount])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (Position == Length)
            {
                interrupt();
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
