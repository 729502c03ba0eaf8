using System.Diagnostics;
using System.Text;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>The executable on a terminal of its own, at which a test types and looks.</summary>
internal sealed class PseudoTerminal : IDisposable
{
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
        var buffer = new char[1024];
        int at;
        while ((at = Screen.IndexOf(text, _seen, StringComparison.Ordinal)) < 0)
        {
            var count = await _process.StandardOutput.ReadAsync(buffer, Token);
            if (count == 0)
            {
                throw new InvalidOperationException($"The program ended without \"{text}\": {Screen}");
            }

            _screen.Append(buffer, 0, count);
        }

        _seen = at + text.Length;
    }

    /// <summary>Waits for the end of the program and returns its exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        _screen.Append(await _process.StandardOutput.ReadToEndAsync(Token));
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
}
