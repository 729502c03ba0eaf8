using System.Net;
using System.Net.Sockets;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>The machine's own nginx in front of a server, with its defaults: it buffers.</summary>
internal sealed class BareNginx : IAsyncDisposable
{
    private const int AttemptsMax = 100;

    // Where nginx may write what it does not keep in memory.
    private static readonly string[] Folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _directory;

    private BareNginx(ChildProcess process, DirectoryInfo directory, Uri address) =>
        (_process, _directory, Address) = (process, directory, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and returns when it listens.</summary>
    public static async Task<BareNginx> StartAsync(Uri server, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("ollama-platform-nginx-");
        var port = FreePort();
        var configuration = Path.Combine(directory.FullName, "nginx.conf");
        var folders = string.Concat(
            Folders.Select(kind => $"{kind}_temp_path {directory.FullName}/{kind};\n"));
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            master_process off;
            pid {{directory.FullName}}/nginx.pid;
            events {}
            http {
            access_log off;
            {{folders}}
            server {
            listen 127.0.0.1:{{port}};
            location / { proxy_pass {{server.GetLeftPart(UriPartial.Authority)}}; }
            }
            }
            """, cancellationToken);
        var process = ChildProcess.StartQuietly("nginx", ["-e", "stderr", "-c", configuration]);
        var nginx = new BareNginx(process, directory, new Uri($"http://127.0.0.1:{port}"));
        await nginx.ListeningAsync(port, cancellationToken);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>It says nowhere when it listens: knocks until it opens.</summary>
    private async Task ListeningAsync(int port, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException("nginx has ended.");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (attempt < AttemptsMax)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }
}
