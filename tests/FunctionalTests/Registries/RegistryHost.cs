using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>
/// The real host, with ranges so short that small models have many, and waits so short that tests do not.
/// </summary>
internal static class RegistryHost
{
    public const int PartBytes = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<HostedServer> StartAsync(
        Action<HandmadeStore>? store = null, Func<RegistrySettings, RegistrySettings>? settings = null,
        Action<RegistryOptions>? registry = null, bool shipped = false,
        Func<ServerOptions, ServerOptions>? server = null, TimeProvider? time = null)
    {
        var key = Path.Combine(Directory.CreateTempSubdirectory("ollama-platform-key-").FullName, "id_ed25519");
        var defaults = new RegistrySettings { KeyFile = key };
        return HostedServer.StartAsync(
            options => (server?.Invoke(options) ?? options) with
            {
                ShippedModels = shipped,
                Registry = settings?.Invoke(defaults) ?? defaults,
            },
            store,
            time,
            services: services => services.PostConfigure<RegistryOptions>(options =>
            {
                options.PartBytes = PartBytes;
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
                options.AttemptsMax = 4;
                registry?.Invoke(options);
            }));
    }

    /// <summary>Pulls or pushes with a stream and returns its lines.</summary>
    public static async Task<IReadOnlyList<JsonElement>> TransferAsync(
        this HostedServer server, string kind, string model, bool insecure = true)
    {
        var (status, body) = await server.PostAsync(
            $"/api/{kind}", $$"""{"model":"{{model}}","insecure":{{(insecure ? "true" : "false")}}}""");
        Assert.True(status == 200, $"{status}: {body}");
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>Pulls or pushes; it must succeed.</summary>
    public static async Task SucceedAsync(this HostedServer server, string kind, string model)
    {
        var last = (await server.TransferAsync(kind, model))[^1];
        Assert.True(
            last.TryGetProperty("status", out var status) && status.GetString() == "success", last.GetRawText());
    }

    /// <summary>Pulls or pushes; it must fail. Returns the reason.</summary>
    public static async Task<string> FailAsync(
        this HostedServer server, string kind, string model, bool insecure = true)
    {
        var last = (await server.TransferAsync(kind, model, insecure))[^1];
        Assert.True(last.TryGetProperty("error", out var error), last.GetRawText());
        return error.GetString()!;
    }

    public static string BlobPath(this HostedServer server, string digest) =>
        Path.Combine(server.Store, "blobs", digest.Replace(':', '-'));

    public static string ManifestPath(this HostedServer server, string model) =>
        Path.Combine(server.Store, "manifests", model[..model.LastIndexOf(':')], model[(model.LastIndexOf(':') + 1)..]);

    /// <summary>Both the manifest and every blob are what the registry has, and nothing half done is left.</summary>
    public static async Task AssertHasAsync(this HostedServer server, ScriptedRegistry registry)
    {
        Assert.Equal(registry.Manifest, await File.ReadAllBytesAsync(server.ManifestPath(registry.Model), Token));
        foreach (var (digest, content) in registry.Blobs)
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(server.BlobPath(digest), Token));
        }

        Assert.Equal(
            registry.Blobs.Count, Directory.EnumerateFiles(Path.Combine(server.Store, "blobs")).Count());
    }
}
