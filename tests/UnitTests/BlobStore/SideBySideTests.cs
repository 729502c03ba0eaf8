using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class SideBySideTests
{
    [Fact]
    public void What_was_read_keeps_its_order()
    {
        var items = Enumerable.Range(0, 1000).ToList();
        Assert.Equal(
            items.Select(item => item * 2),
            SideBySide.Read(items, item => item * 2, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_a_reading_throws_arrives_as_itself()
    {
        var failure = new InvalidDataException();
        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => SideBySide.Read<int, int>(
            [1, 2, 3], item => item == 2 ? throw failure : item, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Whoever_leaves_waits_for_no_more()
    {
        using var leaving = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => SideBySide.Read(
            [.. Enumerable.Range(0, 1000)],
            item =>
            {
                leaving.Cancel();
                return item;
            },
            leaving.Token));
    }
}
