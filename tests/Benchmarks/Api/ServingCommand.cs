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
/// for each line after that how many bytes it holds: managed ones, and of the machine.
/// </summary>
internal static class ServingCommand
{
    public const string Name = "serve-scripted";

    public static async Task RunAsync()
    {
        var store = Directory.CreateTempSubdirectory("ollama-platform-bench-");
        var options = new ServerOptions
        {
            Listen = new ListenAddress("127.0.0.1", 0),
            ModelsDirectory = store.FullName,
            GracePeriod = TimeSpan.Zero,
        };
        await using var app = ServerHost.Build(options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IModels>(new ScriptedRuns());
        });
        await app.StartAsync();
        Terminal.Write(app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single());
        while (Terminal.Read() is not null)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            var managed = GC.GetTotalMemory(forceFullCollection: true);
            Terminal.Write(string.Create(CultureInfo.InvariantCulture, $"{managed} {Environment.WorkingSet}"));
        }

        await app.StopAsync();
        store.Delete(recursive: true);
    }
}
