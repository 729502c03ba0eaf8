using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Registries;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>
/// Programs that share one store are killed in the middle of uploads, creates, copies, pulls and deletes. Each time
/// the store opens, every model that it lists is whole, and what the dead left behind is little and goes.
/// </summary>
public sealed class KilledStoreTests
{
    // Each kill costs the start of a process: 40 of them are what a run of the suite has time for. STORE_KILLS asks
    // for another number, such as 200.
    private const int KillCount = 40;
    private const int WorkersPerRound = 4;
    private const int OccasionsMax = 6;

    // How long an operation takes at most on a machine with nothing else to do, about: the moment lies within it.
    private const int MicrosecondsMax = 20_000;

    private static readonly string[] Operations = ["upload", "create", "pull", "copy", "delete"];

    // Of 64 KiB each; a pull that was killed is resumed, so that there is one of a blob.
    private const int PulledCharacters = 500_000;
    private const int PartialFilesMax = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_9_at_random_moments_leaves_every_listed_model_whole()
    {
        using var directory = new TemporaryDirectory();
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(GgufBuilder.Model().Add("general.description", new string('y', PulledCharacters)).Build());
        var random = new Random(20);
        using var host = Open(directory.Path);
        var paths = host.Services.GetRequiredService<StorePaths>();
        var (modelCounts, kills) = (new List<int>(), 0);
        for (var (round, count) = (0, CountRounds()); round < count; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, WorkersPerRound).Select(_ => KillAsync(
                directory.Path, registry.Host, kills, Operations[kills++ % Operations.Length],
                random.Next(OccasionsMax), TimeSpan.FromMicroseconds(random.Next(MicrosecondsMax)))));
            modelCounts.Add(await CheckAsync(host.Services, round));
            Assert.InRange(paths.EnumerateTemporary().Count(), 0, ((round + 1) * WorkersPerRound) + PartialFilesMax);
        }

        // Work was done, or nothing was tested.
        Assert.Contains(modelCounts, count => count > 2);
        await ExpectCleanAsync(directory.Path, paths);
    }

    /// <summary>As many as it takes for all kills that were asked for.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "How long a test runs is no setting of the product.")]
    private static int CountRounds()
    {
        var kills = KillCount;
        var asked = Environment.GetEnvironmentVariable("STORE_KILLS");
        Assert.True(
            string.IsNullOrEmpty(asked)
            || (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out kills) && kills >= KillCount),
            $"STORE_KILLS is \"{asked}\", which is no number of {KillCount} or more: fewer may meet no work.");
        return ((kills - 1) / WorkersPerRound) + 1;
    }

    private static IHost Open(string directory)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        var services = builder.Services;
        services.AddBlobStore(options => options.Directory = directory);
        services.AddRegistryClient(_ => { });
        services.AddLocalLibrary(_ => { });
        return builder.Build();
    }

    /// <summary>Kills a worker in the middle of an operation that it carries out for the so manieth time.</summary>
    private static async Task KillAsync(
        string directory, string registry, int seed, string operation, int occasions, TimeSpan moment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.StoreWorker.dll"), directory,
                seed.ToString(CultureInfo.InvariantCulture), $"http://{registry}",
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
        for (var occasion = 0; occasion <= occasions;)
        {
            if (await process.StandardOutput.ReadLineAsync(Token) is not { } line)
            {
                Assert.Fail($"Worker {seed} ended by itself: {await process.StandardError.ReadToEndAsync(Token)}");
                return;
            }

            occasion += line == operation ? 1 : 0;
        }

        // Nothing says where in the operation the worker is: that is the point.
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < moment;)
        {
            Thread.SpinWait(20);
        }

        process.Kill();
        await process.WaitForExitAsync(Token);
    }

    private static async Task<int> CheckAsync(IServiceProvider services, int round)
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

        using var host = Open(directory);
        await host.StartAsync(Token);
        await foreach (var finding in host.Services.GetRequiredService<StoreCheck>().CheckAsync(Token))
        {
            Assert.Fail($"After an hour and a start: {finding}");
        }
    }
}
