using System.Diagnostics;
using System.Text;
using Ollama.Platform.FunctionalTests.Registries;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>The executable on a terminal of its own, at which a test types and looks.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    // Bars are drawn again and again.
    private const int ShownMax = 2000;

    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    private readonly char[] _buffer = new char[1024];
    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private int _seen;

    private PseudoTerminal(Process process) => _process = process;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Everything that was written so far.</summary>
    public string Screen => _screen.ToString();

    /// <summary>Starts a command of the executable.</summary>
    /// <param name="server">The server that it talks to.</param>
    /// <param name="arguments">Its arguments, as a shell takes them.</param>
    public static PseudoTerminal Start(Uri server, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have another \"script\".");
        PeerBinary.Require("script");
        var program = Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.Host.dll");
        var start = new ProcessStartInfo("script")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "-qefc", $"exec dotnet '{program}' {arguments}", "/dev/null" },
            Environment =
            {
                ["OLLAMA_HOST"] = server.ToString(),
                ["OLLAMA_NOHISTORY"] = "1",
                ["TERM"] = "xterm",
                // Only a shell knows "exec", and not every one leaves a signal to what it runs.
                ["SHELL"] = "/bin/sh",
            },
        };
        return new PseudoTerminal(
            Process.Start(start) ?? throw new InvalidOperationException("There is no terminal."));
    }

    /// <summary>Types characters; Enter is a carriage return.</summary>
    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text.AsMemory(), Token);
        await _process.StandardInput.FlushAsync(Token);
    }

    /// <summary>Looks on until a text appears behind what was seen before.</summary>
    public async Task WaitForAsync(string text)
    {
        using var patience = StartPatience();
        int at;
        while ((at = Screen.IndexOf(text, _seen, StringComparison.Ordinal)) < 0)
        {
            if (!await ReadAsync($"\"{text}\" did not appear", patience.Token))
            {
                Assert.Fail($"The program ended without \"{text}\": {Screen}");
            }
        }

        _seen = at + text.Length;
    }

    /// <summary>Waits for the end of the program and returns its exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        using var patience = StartPatience();
        while (await ReadAsync("the program did not end", patience.Token))
        {
            // All that it still writes.
        }

        await _process.WaitForExitAsync(Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static CancellationTokenSource StartPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(WaitMax);
        return patience;
    }

    /// <summary>Looks on once; false when nothing more comes.</summary>
    private async Task<bool> ReadAsync(string failure, CancellationToken patience)
    {
        try
        {
            var count = await _process.StandardOutput.ReadAsync(_buffer, patience).AsTask().WaitAsync(patience);
            _screen.Append(_buffer, 0, count);
            return count > 0;
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            var shown = Screen[^Math.Min(_screen.Length, ShownMax)..];
            Assert.Fail($"In {WaitMax.TotalSeconds} seconds {failure}: {shown}");
            throw;
        }
    }
}
