namespace Ollama.Platform.Inference.Engine;

/// <summary>Finds the physical cores that this process may use.</summary>
internal static class CpuTopology
{
    private const string Devices = "/sys/devices/system/cpu";

    /// <summary>Physical cores, at most the processors that affinity and the container's quota leave.</summary>
    public static int CountCores()
    {
        var processors = Environment.ProcessorCount;
        return ListCores() is { Count: > 0 } cores ? Math.Min(processors, cores.Count) : processors;
    }

    /// <summary>
    /// One processor of each physical core, where threads that compute belong: two on one core share its units. Empty
    /// where every processor is a core, or nothing is known.
    /// </summary>
    public static IReadOnlyList<int> ListProcessorsOfCores()
    {
        var cores = ListCores();
        return cores.All(core => core.Count == 1) ? [] : [.. cores.Select(core => core[0])];
    }

    /// <summary>
    /// The cores of a sysfs tree, each with the processors that are allowed: hyper-threads of one core have the same
    /// list of siblings.
    /// </summary>
    internal static IReadOnlyList<IReadOnlyList<int>> ListCores(string devices, IReadOnlyCollection<int>? allowed)
    {
        if (!Directory.Exists(devices))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateDirectories(devices, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(siblings => File.ReadAllText(siblings).Trim())
                .Distinct(StringComparer.Ordinal)
                .Select(list => (IReadOnlyList<int>)
                    [.. ProcessorList.Parse(list).Where(number => allowed is null || allowed.Contains(number))])
                .Where(core => core.Count > 0)
                .OrderBy(core => core[0]),
        ];
    }

    private static IReadOnlyList<IReadOnlyList<int>> ListCores()
    {
        try
        {
            var allowed = ProcessorList.ReadAllowed("/proc/self/status");
            return ListCores(Devices, allowed.Count > 0 ? [.. allowed] : null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A sandbox may hide /sys.
            return [];
        }
    }
}
