using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Debian's docker-registry on a free loopback port, with a folder of its own.</summary>
internal sealed class DockerRegistry : IDisposable
{
    private const int AttemptsMax = 100;

    private readonly Process _process;
    private readonly TemporaryDirectory _directory;

    private DockerRegistry(Process process, TemporaryDirectory directory, string host) =>
        (_process, _directory, Host) = (process, directory, host);

    public string Host { get; }

    public static async Task<DockerRegistry> StartAsync()
    {
        PeerBinary.Require("docker-registry");
        var directory = new TemporaryDirectory();
        var host = $"127.0.0.1:{FreePort()}";
        var configuration = Path.Combine(directory.Path, "config.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            log: {level: error}
            storage:
              delete: {enabled: true}
              filesystem: {rootdirectory: "{{directory.Path}}/data"}
            http: {addr: "{{host}}"}
            """);
        var process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ListeningAsync(host);
        return new DockerRegistry(process, directory, host);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>It says nowhere when it listens: knocks until it opens.</summary>
    private static async Task ListeningAsync(string host)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await client.GetAsync($"http://{host}/v2/");
                return;
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }
}
