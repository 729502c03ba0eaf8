using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Registries;

namespace Ollama.Platform.FunctionalTests.Proxies;

/// <summary>Debian's nginx on a free loopback port, which passes requests on with its defaults: it buffers.</summary>
internal sealed class NginxProxy : IDisposable
{
    private const int AttemptsMax = 100;

    private readonly Process _process;
    private readonly TemporaryDirectory _directory;

    private NginxProxy(Process process, TemporaryDirectory directory, Uri address) =>
        (_process, _directory, Address) = (process, directory, address);

    public Uri Address { get; }

    public static async Task<NginxProxy> StartAsync(Uri server, CancellationToken cancellationToken)
    {
        PeerBinary.Require("nginx");
        var directory = new TemporaryDirectory();
        var port = FreePort();
        var configuration = Path.Combine(directory.Path, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            master_process off;
            pid {{directory.Path}}/nginx.pid;
            error_log stderr error;
            events {}
            http {
              access_log off;
              client_body_temp_path {{directory.Path}}/body;
              proxy_temp_path {{directory.Path}}/proxy;
              fastcgi_temp_path {{directory.Path}}/fastcgi;
              uwsgi_temp_path {{directory.Path}}/uwsgi;
              scgi_temp_path {{directory.Path}}/scgi;
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass {{server.GetLeftPart(UriPartial.Authority)}}; }
              }
            }
            """, cancellationToken);
        var process = Process.Start(new ProcessStartInfo("nginx", ["-e", "stderr", "-c", configuration])
        {
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var proxy = new NginxProxy(process, directory, new Uri($"http://127.0.0.1:{port}"));
        await proxy.ListeningAsync(port, errors, cancellationToken);
        return proxy;
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
    private async Task ListeningAsync(int port, Task<string> errors, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Assert.False(_process.HasExited, _process.HasExited ? $"nginx ended: {await errors}" : null);
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
