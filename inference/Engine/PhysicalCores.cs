using System.Globalization;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Counts cores as the operating system describes them: two hardware threads of one core share its arithmetic units, so
/// computing on both gains nothing and makes every barrier wait.
/// </summary>
internal static class PhysicalCores
{
    private const string CpuFolder = "/sys/devices/system/cpu";

    /// <summary>Physical cores that this process may use; at least 1.</summary>
    public static int Count { get; } = Math.Clamp(Detect(), 1, Environment.ProcessorCount);

    private static int Detect()
    {
        if (!Directory.Exists(CpuFolder))
        {
            return Environment.ProcessorCount;
        }

        var cores = new HashSet<(string Package, string Core)>();
        foreach (var folder in Directory.EnumerateDirectories(CpuFolder, "cpu*"))
        {
            var topology = Path.Combine(folder, "topology");
            if (int.TryParse(Path.GetFileName(folder)[3..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && File.Exists(Path.Combine(topology, "core_id")))
            {
                cores.Add((
                    File.ReadAllText(Path.Combine(topology, "physical_package_id")),
                    File.ReadAllText(Path.Combine(topology, "core_id"))));
            }
        }

        return cores.Count > 0 ? cores.Count : Environment.ProcessorCount;
    }
}
