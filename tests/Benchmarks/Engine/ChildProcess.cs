using System.Diagnostics;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A process that is measured from outside: started, spoken to by lines, ended by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Announcement = "listens on ";

    private readonly Process _process;
    private Task _ignoring = Task.CompletedTask;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>It runs no more.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program that lies beside this one.</summary>
    public static ChildProcess Start(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments], environment);

    /// <summary>Starts any program.</summary>
    public static ChildProcess StartProgram(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Start(start);
    }

    /// <summary>Starts a program that somebody else wrote, and forgets what it says.</summary>
    public static ChildProcess StartQuietly(string program, IEnumerable<string> arguments)
    {
        var process = Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        process.IgnoreOutput();
        return process;
    }

    /// <summary>Writes a line to its input.</summary>
    public async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>The next line of its output.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} has ended.");

    /// <summary>
    /// Where it listens, which the product says once it does; what it says afterwards is forgotten.
    /// </summary>
    public async Task<Uri> ReadAddressAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadAsync(cancellationToken);
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var start)
            {
                IgnoreOutput();
                return new Uri(line[(start + Announcement.Length)..].TrimEnd('.'));
            }
        }
    }

    /// <summary>Reads the rest of its output and forgets it, so that it is never held up by a full pipe.</summary>
    public void IgnoreOutput() => _ignoring = Task.WhenAll(
        _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null),
        _process.StartInfo.RedirectStandardError
            ? _process.StandardError.BaseStream.CopyToAsync(Stream.Null)
            : Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _ignoring;
        _process.Dispose();
    }

    private static ChildProcess Start(ProcessStartInfo start) =>
        new(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
}
