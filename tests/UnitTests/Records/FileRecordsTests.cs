using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Records;
using Ollama.Platform.Silo.Records;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Records;

public sealed class FileRecordsTests : RecordsConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly FileRecords _records;

    public FileRecordsTests() => _records = Open(_time);

    protected override IRecords Records => _records;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_outlive_the_process()
    {
        var key = new RecordKey("job", "1");
        await Records.WriteAsync(key, "x"u8.ToArray(), 0, null, Aborted);
        Assert.Equal(1, (await Open(_time).ReadAsync(key, Aborted))?.Version);
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_can_read_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are those of Unix.");
        var paths = new StorePaths(Path.Combine(_folder.Path, "models"));
        var records = new FileRecords(paths, _time, NullLogger<FileRecords>.Instance);
        await records.WriteAsync(new RecordKey("job", "1"), "x"u8.ToArray(), 0, null, Aborted);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new DirectoryInfo(Path.Combine(paths.Records, "job")).UnixFileMode);

        // The models are everybody's, as far as the user's own mask allows.
        var other = Directory.CreateDirectory(Path.Combine(_folder.Path, "other"));
        Assert.Equal(other.UnixFileMode, new DirectoryInfo(paths.Root).UnixFileMode);
    }

    [Fact]
    public async Task Two_processes_do_not_both_win()
    {
        // Locks on files hold between handles as they do between processes.
        var (one, other) = (Open(TimeProvider.System), Open(TimeProvider.System));
        var key = new RecordKey("job", "1");
        for (var version = 0; version < 20; version++)
        {
            var expected = version;
            var results = await Task.WhenAll(
                Task.Run(() => one.WriteAsync(key, "one"u8.ToArray(), expected, null, Aborted), Aborted),
                Task.Run(() => other.WriteAsync(key, "other"u8.ToArray(), expected, null, Aborted), Aborted));
            Assert.Equal(expected + 1, Assert.Single(results, result => result is not null));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("record-1 0 0\nx")]
    [InlineData("record-1 -1 0\nx")]
    [InlineData("record-9 1 0\nx")]
    [InlineData("record-1 1")]
    public async Task A_damaged_record_counts_as_absent_and_can_be_written(string content)
    {
        var key = new RecordKey("job", "1");
        await Records.WriteAsync(key, "x"u8.ToArray(), 0, null, Aborted);
        var path = Assert.Single(Directory.GetFiles(_folder.Path, "*.record", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(path, content, Aborted);

        Assert.Null(await Records.ReadAsync(key, Aborted));
        Assert.Empty(await Records.ListAsync("job", Aborted));
        Assert.Equal(1, await Records.WriteAsync(key, "y"u8.ToArray(), 0, null, Aborted));
    }

    [Fact]
    public async Task A_list_removes_the_files_of_expired_records()
    {
        await Records.WriteAsync(new RecordKey("job", "1"), "x"u8.ToArray(), 0, TimeSpan.FromSeconds(1), Aborted);
        Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await Records.ListAsync("job", Aborted));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.record", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    protected override void Advance(TimeSpan duration) => _time.Advance(duration);

    private FileRecords Open(TimeProvider time) =>
        new(new StorePaths(_folder.Path), time, NullLogger<FileRecords>.Instance);
}
