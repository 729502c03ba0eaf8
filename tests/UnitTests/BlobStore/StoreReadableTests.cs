using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class StoreReadableTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_is_readable_with_and_without_its_folders()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(await FindObstacleAsync(new StoreReadable(new StorePaths(folder.Path))));
        Directory.CreateDirectory(Path.Combine(folder.Path, "manifests", "registry.ollama.ai"));
        Assert.Null(await FindObstacleAsync(new StoreReadable(new StorePaths(folder.Path))));
        Assert.Null(await FindObstacleAsync(new StoreReadable(new StorePaths(Path.Combine(folder.Path, "later")))));
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "models");
        await File.WriteAllTextAsync(file, "", Cancel);
        Assert.Equal(
            "The models' folder is a file.", await FindObstacleAsync(new StoreReadable(new StorePaths(file))));
    }

    [Fact]
    public async Task A_disk_that_hangs_is_looked_at_once_and_the_probe_does_not_wait_for_it()
    {
        using var answers = new ManualResetEventSlim();
        var lookCount = 0;
        var check = new StoreReadable(() =>
        {
            Interlocked.Increment(ref lookCount);
            answers.Wait(Cancel);
            return null;
        });
        using var impatient = new CancellationTokenSource();
        var first = check.CheckHealthAsync(new HealthCheckContext(), impatient.Token);
        var second = check.CheckHealthAsync(new HealthCheckContext(), Cancel);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        answers.Set();
        Assert.Equal(HealthStatus.Healthy, (await second).Status);
        Assert.Equal(1, lookCount);
        Assert.Null(await FindObstacleAsync(check));
        Assert.Equal(2, lookCount);
    }

    private static async Task<string?> FindObstacleAsync(StoreReadable check)
    {
        var result = await check.CheckHealthAsync(new HealthCheckContext(), Cancel);
        Assert.Equal(result.Description is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, result.Status);
        return result.Description;
    }
}
