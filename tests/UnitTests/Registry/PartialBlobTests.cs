using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class PartialBlobTests : IDisposable
{
    private readonly Store _store = new();

    private string PartialPath => _store.Paths.PartialBlob(Digest.Of("blob"u8));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_was_recorded_is_there_the_next_time()
    {
        using (var partial = Open())
        {
            Assert.Equal([(0, 4), (4, 4), (8, 2)], partial.Parts.Select(part => ((int)part.Offset, (int)part.Size)));
            partial.Advance(partial.Parts[0], 4);
            partial.Advance(partial.Parts[2], 1);
            Assert.Equal((5, 4), (partial.CompletedBytes, partial.ContiguousBytes));
            partial.Record(partial.Parts[0]);
            partial.Record(partial.Parts[2]);
        }

        Assert.Equal(10, new FileInfo(PartialPath).Length);
        Assert.Equal(5, PartialBlob.CountCompleted(PartialPath, 10));
        using var again = Open();
        Assert.Equal([4L, 0, 1], again.Parts.Select(part => part.CompletedBytes));
    }

    [Fact]
    public void A_blob_can_be_read_as_soon_as_it_has_its_name()
    {
        using var partial = Open();
        RandomAccess.Write(partial.Handle, "0123456789"u8, 0);
        partial.Flush();
        partial.Commit(_store.Paths.Blob(Digest.Of("blob"u8)));

        // Others have not heard yet that it is ready; they see the file.
        Assert.Equal("0123456789", File.ReadAllText(_store.Paths.Blob(Digest.Of("blob"u8))));
    }

    [Fact]
    public void Ranges_that_Ollama_has_begun_are_continued()
    {
        Write("{\"N\":0,\"Offset\":0,\"Size\":7,\"Completed\":7}", "{\"N\":1,\"Offset\":7,\"Size\":3,\"Completed\":1}");
        using var partial = Open();
        Assert.Equal([7L, 3], partial.Parts.Select(part => part.Size));
        Assert.Equal(8, partial.CompletedBytes);
    }

    [Theory]
    [InlineData("{\"N\":0,\"Offset\":0,\"Size\":7,\"Completed\":7}", "")]
    [InlineData(
        "{\"N\":0,\"Offset\":0,\"Size\":7,\"Completed\":8}",
        "{\"N\":1,\"Offset\":7,\"Size\":3,\"Completed\":1}")]
    [InlineData(
        "{\"N\":0,\"Offset\":0,\"Size\":7,\"Completed\":7}",
        "{\"N\":1,\"Offset\":6,\"Size\":4,\"Completed\":1}")]
    [InlineData(
        "{\"N\":0,\"Offset\":0,\"Size\":7,\"Completed\":7}",
        "{\"N\":1,\"Offset\":7,\"Size\":4,\"Completed\":1}")]
    [InlineData(
        "{\"N\":0,\"Offset\":0,\"Size\":0,\"Completed\":0}",
        "{\"N\":1,\"Offset\":0,\"Size\":10,\"Completed\":1}")]
    public void Records_that_contradict_each_other_are_dropped(string first, string second)
    {
        Write(first, second);
        using var partial = Open();
        Assert.Equal(3, partial.Parts.Count);
        Assert.Equal(0, partial.CompletedBytes);
    }

    [Fact]
    public void A_file_of_another_length_is_begun_anew()
    {
        Write("{\"N\":0,\"Offset\":0,\"Size\":10,\"Completed\":9}");
        File.WriteAllBytes(PartialPath, new byte[9]);
        using var partial = Open();
        Assert.Equal(0, partial.CompletedBytes);
        Assert.Equal(10, new FileInfo(PartialPath).Length);
    }

    [Fact]
    public void Only_one_has_it_open()
    {
        using (Open())
        {
            Assert.Null(PartialBlob.TryOpen(PartialPath, 10, 4));
        }

        Open().Dispose();
    }

    [Fact]
    public void What_is_removed_leaves_nothing()
    {
        using var partial = Open();
        partial.Record(partial.Parts[0]);
        partial.Remove();
        Assert.Empty(Directory.EnumerateFiles(_store.Paths.Blobs));
    }

    private PartialBlob Open()
    {
        var partial = PartialBlob.TryOpen(PartialPath, 10, 4);
        Assert.NotNull(partial);
        return partial;
    }

    private void Write(params string[] records)
    {
        Directory.CreateDirectory(_store.Paths.Blobs);
        File.WriteAllBytes(PartialPath, new byte[10]);
        foreach (var (index, record) in records.Index())
        {
            File.WriteAllText($"{PartialPath}-{index}", record);
        }
    }
}
