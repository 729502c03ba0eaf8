using System.Diagnostics;
using System.Globalization;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The runners' processes that a process has started, as Linux lists them.</summary>
internal static class ChildProcesses
{
    /// <summary>Ids of the children that are alive and run <c>runner</c>.</summary>
    public static IReadOnlyList<int> Runners(int parent) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id => IsRunnerOf(id, parent))];

    /// <summary>The one runner of this process.</summary>
    public static int SingleRunner() => Assert.Single(Runners(Environment.ProcessId));

    public static async Task SignalAsync(int id, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>
    /// Ends a child by the signal of a fault. The runtime takes the first one, hands the next to the system and goes
    /// on: a fault of its own would come again at once, one from outside does not.
    /// </summary>
    public static async Task SignalUntilGoneAsync(int id, string signal)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Runners(Environment.ProcessId).Contains(id))
        {
            using var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a process is gone that is no child of this one.</summary>
    public static async Task WaitUntilGoneAsync(int id)
    {
        var gone = $"/proc/{id}";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Directory.Exists(gone) && !IsDead(id))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Inodes of the sockets that a process holds.</summary>
    public static IReadOnlySet<string> Sockets(int id) =>
        new DirectoryInfo($"/proc/{id}/fd").EnumerateFiles()
            .Select(file => file.LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])
            .ToHashSet();

    /// <summary>Inodes of the sockets that listen on a port of this machine.</summary>
    public static IReadOnlySet<string> Listeners(int port)
    {
        const string listening = "0A";
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == listening)
            .Select(fields => fields[9])
            .ToHashSet();
    }

    private static bool IsRunnerOf(int id, int parent)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return arguments.Contains("runner") && ReadState(id) is var (state, owner) && owner == parent
                && state != 'Z';
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
            return false;
        }
    }

    private static bool IsDead(int id)
    {
        try
        {
            return ReadState(id).State is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    // "12 (name with spaces) S 1 …": the state and the parent follow the name.
    private static (char State, int Parent) ReadState(int id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }
}
