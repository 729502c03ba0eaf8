using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// The command that <see cref="ScriptedServer"/> starts: the real host over scripted models. Says where it listens, and
/// then what each line asks for.
/// </summary>
internal static class ServingCommand
{
    public const string Name = "serve-scripted";

    /// <summary>Asks for bytes after collecting: managed ones, and of the machine.</summary>
    public const string Memory = "memory";

    /// <summary>Asks for the processor time so far, in ticks.</summary>
    public const string Processor = "processor";

    public static async Task RunAsync()
    {
        var store = Directory.CreateTempSubdirectory("ollama-platform-bench-");
        var options = new ServerOptions
        {
            Listen = new ListenAddress("127.0.0.1", 0),
            ModelsDirectory = store.FullName,
            GracePeriod = TimeSpan.Zero,
            Grpc = new GrpcSettings { Listen = new ListenAddress("127.0.0.1", 0), IsAddressAsked = true },
        };

        // Logs are as in production; standard output is for whoever asks, and there is nothing to say at this level.
        await using var app = ServerHost.Build(options, builder =>
        {
            builder.Logging.AddFilter("Ollama", LogLevel.Warning);
            builder.Services.AddSingleton<IModels>(new ScriptedRuns());
        });
        await app.StartAsync();
        Terminal.Write(string.Join(' ', app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses));
        while (Terminal.Read() is { } command)
        {
            Terminal.Write(command == Memory ? MemoryBytes() : ProcessorTicks());
        }

        await app.StopAsync();
        store.Delete(recursive: true);
    }

    private static string ProcessorTicks() =>
        Environment.CpuUsage.TotalTime.Ticks.ToString(CultureInfo.InvariantCulture);

    private static string MemoryBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        return string.Create(CultureInfo.InvariantCulture, $"{managed} {Environment.WorkingSet}");
    }
}
