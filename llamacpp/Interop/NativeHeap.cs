using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// The heap of the C library, where native code keeps all but its largest blocks. C libraries other than glibc have no
/// such calls and are left alone.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int KeptBytes = 256 * 1024;

    /// <summary>
    /// Keeps no more free memory than a little. Otherwise glibc raises both thresholds after it frees the first large
    /// block: a model that is unloaded then leaves its vocabulary's tens of megabytes behind, and so does the next one.
    /// </summary>
    public static void KeepLittle() => Call(() =>
    {
        _ = mallopt(TrimThreshold, KeptBytes);
        _ = mallopt(MapThreshold, KeptBytes);
    });

    /// <summary>Gives pages that nothing occupies any more back to the system.</summary>
    public static void Trim() => Call(() => _ = malloc_trim(0));

    private static void Call(Action action)
    {
        try
        {
            action();
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
