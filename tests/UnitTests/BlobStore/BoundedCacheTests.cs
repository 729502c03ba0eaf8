using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class BoundedCacheTests
{
    private readonly BoundedCache<string, string> _cache = new(countMax: 3, bytesMax: 100);

    [Fact]
    public void What_is_kept_is_found_until_it_is_removed()
    {
        _cache.Keep("a", "1", 60);
        _cache.Keep("a", "2", 60);
        Assert.Equal("2", Find("a"));
        _cache.Remove("a");
        _cache.Remove("a");
        Assert.Null(Find("a"));
    }

    [Fact]
    public void Bytes_are_bounded_and_what_was_replaced_or_removed_takes_none()
    {
        _cache.Keep("a", "1", 50);
        _cache.Keep("a", "2", 40);
        _cache.Keep("b", "3", 60);
        Assert.Equal("2", Find("a"));
        _cache.Remove("b");
        _cache.Keep("c", "4", 60);
        Assert.Equal("2", Find("a"));
        _cache.Keep("d", "5", 1);
        Assert.Equal((null, null, "5"), (Find("a"), Find("c"), Find("d")));
    }

    [Fact]
    public void Entries_are_bounded()
    {
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            _cache.Keep(key, key, 0);
        }

        Assert.Equal((null, "d"), (Find("a"), Find("d")));
    }

    [Fact]
    public void What_alone_is_too_large_drives_nothing_out_and_leaves_nothing_old_behind()
    {
        _cache.Keep("a", "1", 10);
        _cache.Keep("b", "2", 10);
        _cache.Keep("b", "3", 101);
        Assert.Equal(("1", null), (Find("a"), Find("b")));
    }

    private string? Find(string key) => _cache.TryGet(key, out var content) ? content : null;
}
