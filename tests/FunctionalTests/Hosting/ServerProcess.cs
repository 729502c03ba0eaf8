using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The executable on a free port, to be killed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ServerProcess Start(string models) => Start(models, "dotnet");

    /// <summary>
    /// Starts it on a disk of its own, which only it and <see cref="Inside"/> see; null where the system lets nobody
    /// make one.
    /// </summary>
    public static async Task<ServerProcess?> StartOnDiskAsync(string models, int mebibytes)
    {
        string[] disk =
        [
            "--user", "--map-root-user", "--mount", "sh", "-c",
            $"mount -t tmpfs -o size={mebibytes}m tmpfs '{models}' && exec \"$@\"", "sh",
        ];
        using var trial = Process.Start("unshare", [.. disk, "true"]);
        await trial.WaitForExitAsync(Token);
        return trial.ExitCode == 0 ? Start(models, "unshare", [.. disk, "dotnet"]) : null;
    }

    private static ServerProcess Start(string models, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            command, [.. arguments, Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.Host.dll")])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["OLLAMA_HOST"] = "127.0.0.1:0",
                ["OLLAMA_MODELS"] = models,
                ["OLLAMA_SHIPPED_MODELS"] = "false",
            },
        };
        return new ServerProcess(
            Process.Start(start) ?? throw new InvalidOperationException("The server did not start."));
    }

    /// <summary>A path as the server sees it.</summary>
    public string Inside(string path) => $"/proc/{_process.Id}/root{path}";

    /// <summary>Where it listens, once it does.</summary>
    public async Task<Uri> AddressAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                // The rest of the log is read and dropped, so that a full pipe never blocks the server.
                _ = _process.StandardOutput.ReadToEndAsync(Token);
                return new Uri(match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException("The server ended before it listened.");
    }

    /// <summary>Sends a signal that ends it, and waits for the end.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(Token);
        Assert.Equal(0, kill.ExitCode);
        await _process.WaitForExitAsync(Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"listens on (http://\S+?)\.?$")]
    private static partial Regex Address();
}
