using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.UnitTests.Records;

/// <summary>What every implementation of <see cref="IFileContents"/> does.</summary>
public abstract class FileContentsConformance
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read()
    {
        var contents = Create();
        Assert.Equal(3, await contents.WriteAsync("file-1", Bytes("abc"), 3, Cancel));
        Assert.Equal("abc", await ReadAsync(contents, "file-1"));
        Assert.Null(await contents.OpenReadAsync("file-2", Cancel));
    }

    [Fact]
    public async Task What_is_too_long_leaves_nothing()
    {
        var contents = Create();
        Assert.Null(await contents.WriteAsync("file-1", Bytes("abcd"), 3, Cancel));
        Assert.Null(await contents.OpenReadAsync("file-1", Cancel));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_nothing_can_be_deleted()
    {
        var contents = Create();
        await contents.DeleteAsync("file-1", Cancel);
        await contents.WriteAsync("file-1", Bytes("abc"), 3, Cancel);
        await contents.DeleteAsync("file-1", Cancel);
        Assert.Null(await contents.OpenReadAsync("file-1", Cancel));
    }

    [Fact]
    public async Task A_file_can_be_gone_on_with_by_one_at_a_time()
    {
        var contents = Create();
        await using (var first = await contents.OpenAloneAsync("file-1", Cancel))
        {
            await first!.WriteAsync("abcdef"u8.ToArray(), Cancel);
            Assert.Null(await contents.OpenAloneAsync("file-1", Cancel));
        }

        await using (var second = await contents.OpenAloneAsync("file-1", Cancel))
        {
            var read = new byte[4];
            await second!.ReadExactlyAsync(read, Cancel);
            Assert.Equal("abcd"u8.ToArray(), read);
            second.SetLength(2);
            second.Position = 2;
            await second.WriteAsync("z"u8.ToArray(), Cancel);
        }

        Assert.Equal("abz", await ReadAsync(contents, "file-1"));
    }

    protected abstract IFileContents Create();

    private static MemoryStream Bytes(string text) => new(System.Text.Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReadAsync(IFileContents contents, string id)
    {
        await using var stream = await contents.OpenReadAsync(id, Cancel);
        using var reader = new StreamReader(stream!);
        return await reader.ReadToEndAsync(Cancel);
    }
}
