using System.Globalization;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// A file that native code writes, and the only way to stop it: the library asks nobody whether it should go on, but
/// gives up at the first write that fails. Only for the thread on which the library writes, since the file must stay
/// open meanwhile.
/// </summary>
internal sealed partial class OutputFile
{
    private const int WriteOnly = 1;
    private const string Descriptors = "/proc/self/fd";

    private readonly string? _realPath;

    /// <summary>Creates the file, so that its place is known however it is linked.</summary>
    public OutputFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        if (OperatingSystem.IsLinux())
        {
            var descriptor = handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
            _realPath = File.ResolveLinkTarget(Path.Combine(Descriptors, descriptor), false)?.FullName;
        }
    }

    /// <summary>Lets every further write fail as on a full disk; no effect where files are not listed.</summary>
    public void Break()
    {
        if (_realPath is null)
        {
            return;
        }

        foreach (var link in Directory.EnumerateFileSystemEntries(Descriptors))
        {
            var name = Path.GetFileName(link);
            if (int.TryParse(name, CultureInfo.InvariantCulture, out var descriptor)
                && TargetOf(link) == _realPath)
            {
                Replace(descriptor);
            }
        }
    }

    // The list itself is open while it is read, and gone when it is looked at.
    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Replace(int descriptor)
    {
        var full = open("/dev/full", WriteOnly);
        if (full >= 0)
        {
            _ = dup2(full, descriptor);
            _ = close(full);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
