namespace Ollama.Platform.Inference.Engine;

/// <summary>Counts the physical cores that this process may use.</summary>
internal static class CpuTopology
{
    private const string Devices = "/sys/devices/system/cpu";

    /// <summary>Physical cores, at most the processors that affinity and the container's quota leave.</summary>
    public static int CountCores()
    {
        var processors = Environment.ProcessorCount;
        try
        {
            return Math.Min(processors, CountCores(Devices) is > 0 and var cores ? cores : processors);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A sandbox may hide /sys.
            return processors;
        }
    }

    /// <summary>Cores that a sysfs tree lists: hyper-threads of one core have the same list of siblings.</summary>
    internal static int CountCores(string devices)
    {
        if (!Directory.Exists(devices))
        {
            return 0;
        }

        return Directory.EnumerateDirectories(devices, "cpu*")
            .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
            .Where(File.Exists)
            .Select(siblings => File.ReadAllText(siblings).Trim())
            .Distinct(StringComparer.Ordinal)
            .Count();
    }
}
