using System.Diagnostics;

namespace Ollama.Platform.UnitTests.Fuzzing;

/// <summary>
/// Holds what one input may cost: bytes, of which the same input always takes as many, and a time that only what hangs
/// can take, however busy the machine is.
/// </summary>
internal static class Cost
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(20);

    /// <summary>Runs an action on this thread and measures it.</summary>
    public static void Check(int seed, long bytesMax, Action action)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(bytes <= bytesMax, $"Seed {seed} took {bytes} bytes.");
        Assert.True(clock.Elapsed < TimeMax, $"Seed {seed} took {clock.Elapsed}.");
    }
}
