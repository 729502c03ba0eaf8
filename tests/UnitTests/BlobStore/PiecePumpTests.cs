using System.Security.Cryptography;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class PiecePumpTests
{
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public async Task Content_arrives_in_order_whatever_the_pieces_that_it_comes_in(int pieceBytes)
    {
        var content = RandomNumberGenerator.GetBytes(Math.Min(500_000, pieceBytes * 300));
        var arrived = await RunAsync(content.Chunk(pieceBytes));
        Assert.Equal(content, arrived.SelectMany(piece => piece));
    }

    [Fact]
    public async Task Crumbs_are_gathered_before_they_are_stored()
    {
        var arrived = await RunAsync(new byte[100_000].Chunk(1000));
        Assert.Equal([66_000, 34_000], arrived.Select(piece => piece.Length));
    }

    [Fact]
    public async Task Crumbs_go_before_the_large_piece_that_follows_them()
    {
        var arrived = await RunAsync([[1], new byte[70_000], [2], [3]]);
        Assert.Equal([1, 70_000, 2], arrived.Select(piece => piece.Length));
    }

    [Fact]
    public async Task What_came_before_a_failure_is_stored()
    {
        var arrived = new List<byte[]>();
        await Assert.ThrowsAsync<IOException>(() => PiecePump.RunAsync(
            new PiecesStream([[1, 2], [3]], new IOException("cut")), piece => Keep(arrived, piece), Aborted));
        Assert.Equal([1, 2, 3], arrived.SelectMany(piece => piece));
    }

    [Fact]
    public async Task A_piece_that_cannot_be_stored_ends_the_reading()
    {
        var calls = 0;
        await Assert.ThrowsAsync<IOException>(() => PiecePump.RunAsync(
            new PiecesStream([new byte[70_000], new byte[70_000]], failure: null),
            _ =>
            {
                calls++;
                throw new IOException("full");
            },
            Aborted));
        Assert.Equal(1, calls);
    }

    private static async Task<List<byte[]>> RunAsync(IEnumerable<byte[]> pieces)
    {
        var arrived = new List<byte[]>();
        await PiecePump.RunAsync(
            new PiecesStream([.. pieces], failure: null), piece => Keep(arrived, piece), Aborted);
        return arrived;
    }

    private static Task Keep(List<byte[]> arrived, ReadOnlyMemory<byte> piece)
    {
        arrived.Add(piece.ToArray());
        return Task.CompletedTask;
    }

    /// <summary>Hands its pieces over as they are, as the body of a request does.</summary>
    private sealed class PiecesStream(IReadOnlyList<byte[]> pieces, Exception? failure) : MemoryStream
    {
        public override async Task CopyToAsync(
            Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            foreach (var piece in pieces)
            {
                await destination.WriteAsync(piece, cancellationToken);
            }

            if (failure is not null)
            {
                throw failure;
            }
        }
    }
}
