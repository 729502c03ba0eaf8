using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Silo.Library;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>
/// Programs that share one store are killed in the middle of uploads, creates, copies and deletes. Each time the store
/// opens, every model that it lists is whole, and what the dead left behind is little and goes.
/// </summary>
public sealed class KilledStoreTests
{
    // Each kill costs the start of a process: 40 of them are what a run of the suite has time for.
    private const int RoundCount = 10;
    private const int WorkersPerRound = 4;
    private const int LinesMax = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_9_at_random_moments_leaves_every_listed_model_whole()
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(20);
        await using var services = Open(directory.Path);
        var paths = services.GetRequiredService<StorePaths>();
        var modelCounts = new List<int>();
        for (var round = 0; round < RoundCount; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, WorkersPerRound).Select(worker =>
                KillAsync(directory.Path, seed: (round * WorkersPerRound) + worker, lines: random.Next(LinesMax))));
            modelCounts.Add(await CheckAsync(services, round));
            Assert.InRange(paths.EnumerateTemporary().Count(), 0, (round + 1) * WorkersPerRound);
        }

        // Work was done, or nothing was tested.
        Assert.Contains(modelCounts, count => count > 2);
        await ExpectCleanAsync(directory.Path, paths);
    }

    private static ServiceProvider Open(string directory)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddBlobStore(options => options.Directory = directory);
        services.AddLocalLibrary(_ => { });
        return services.BuildServiceProvider();
    }

    private static async Task KillAsync(string directory, int seed, int lines)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.StoreWorker.dll"), directory,
                seed.ToString(CultureInfo.InvariantCulture),
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
        for (var line = 0; line <= lines; line++)
        {
            if (await process.StandardOutput.ReadLineAsync(Token) is null)
            {
                Assert.Fail($"Worker {seed} ended by itself: {await process.StandardError.ReadToEndAsync(Token)}");
            }
        }

        process.Kill();
        await process.WaitForExitAsync(Token);
    }

    private static async Task<int> CheckAsync(ServiceProvider services, int round)
    {
        await foreach (var finding in services.GetRequiredService<StoreCheck>().CheckAsync(Token))
        {
            Assert.False(finding.IsDamage, $"Round {round}: {finding}");
        }

        var library = services.GetRequiredService<ILibrary>();
        var models = await library.ListAsync(Token);
        foreach (var model in models)
        {
            Assert.NotNull(await library.FindAsync(model.Name, Token));
        }

        return models.Count;
    }

    private static async Task ExpectCleanAsync(string directory, StorePaths paths)
    {
        foreach (var path in paths.EnumerateTemporary().Concat(paths.EnumerateBlobs().Select(blob => blob.Path)))
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        await using var services = Open(directory);
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(Token);
        }

        await foreach (var finding in services.GetRequiredService<StoreCheck>().CheckAsync(Token))
        {
            Assert.Fail($"After an hour and a start: {finding}");
        }
    }
}
