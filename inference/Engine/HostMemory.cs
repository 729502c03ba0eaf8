using System.Globalization;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Memory of the machine or of the container around this process; the native library knows neither free memory nor
/// limits.
/// </summary>
internal static class HostMemory
{
    /// <summary>The CPU as a device.</summary>
    public static DeviceDescription Describe(string name, string description)
    {
        var (free, total) = Read("/proc/meminfo", "/sys/fs/cgroup");
        if (total <= 0)
        {
            total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            free = total;
        }

        return new DeviceDescription(name, description, IsGpu: false, free, total);
    }

    /// <summary>Reads what Linux tells; zeros when it tells nothing.</summary>
    internal static (long FreeBytes, long TotalBytes) Read(string memoryInfoPath, string cgroupFolder)
    {
        var total = ReadKibibytes(memoryInfoPath, "MemTotal:");
        var free = ReadKibibytes(memoryInfoPath, "MemAvailable:");
        // "max" is not a number: no limit.
        var limit = ReadNumber(Path.Combine(cgroupFolder, "memory.max"));
        var used = ReadNumber(Path.Combine(cgroupFolder, "memory.current"));
        if (limit is > 0 && limit < total)
        {
            total = limit.Value;
            free = Math.Min(free, Math.Max(0, limit.Value - (used ?? 0)));
        }

        return (free, total);
    }

    private static long ReadKibibytes(string path, string key)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        var value = line?[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(value, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : 0;
    }

    private static long? ReadNumber(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
