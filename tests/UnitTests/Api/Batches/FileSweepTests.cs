using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Records;

namespace Ollama.Platform.UnitTests.Api.Batches;

public sealed class FileSweepTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_bytes_of_a_file_that_has_expired_go_though_nobody_asks()
    {
        var time = new ManualTimeProvider();
        var kept = new ApiServer.Kept(new MemoryRecords(time), new MemoryFileContents());
        await using var server = await ApiServer.StartAsync(time: time, kept: kept);
        await server.UploadAsync(
            "abc", fields: [("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600")]);
        time.Advance(TimeSpan.FromHours(1));
        while (kept.Contents.Ids.Count > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }
}
