using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Finds the process that listens on a TCP port of this machine, from <c>/proc</c>.</summary>
internal static class PortOwner
{
    private const string ListenState = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The process; null where nothing listens or it belongs to somebody else.</summary>
    public static int? Find(int port)
    {
        var inodes = InodesOf(port);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)
                && SocketsOf(process).Any(inodes.Contains))
            {
                return process;
            }
        }

        return null;
    }

    private static HashSet<string> InodesOf(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return [.. from file in Tables
                   where File.Exists(file)
                   from line in File.ReadLines(file).Skip(1)
                   let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                   where fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == ListenState
                   select $"socket:[{fields[9]}]"];
    }

    private static IEnumerable<string> SocketsOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
                .Select(entry => new FileInfo(entry).LinkTarget ?? "")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
