using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The executable on a free port, to be killed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ServerProcess Start(string models)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.Host.dll") },
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
