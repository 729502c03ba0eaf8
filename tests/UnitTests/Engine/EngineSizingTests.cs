using Ollama.Platform.Inference.Engine;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class EngineSizingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-sizing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 5_000_000, 16, 1)]
    [InlineData(0, 100_000_000, 16, 2)]
    [InlineData(0, 4_000_000_000, 16, 16)]
    [InlineData(0, 4_000_000_000, 0, 1)]
    [InlineData(3, 5_000_000, 16, 3)]
    [InlineData(1000, 5_000_000, 4, 8)]
    public void Threads_follow_the_wish_or_the_size_of_the_model(int wanted, long tensorBytes, int cores,
        int expected) =>
        Assert.Equal(expected, ThreadPolicy.Choose(wanted, tensorBytes, cores));

    [Theory]
    [InlineData(24L << 30, 4L << 30, 1L << 30, 32, GpuLayerPlan.All)]
    [InlineData(3L << 30, 4L << 30, 1L << 30, 32, 14)]
    [InlineData(0, 4L << 30, 1L << 30, 32, 0)]
    [InlineData(1L << 30, 4L << 40, 1L << 40, 80, 0)]
    public void Layers_that_do_not_fit_onto_the_gpus_stay_off(
        long freeBytes, long tensorBytes, long cacheBytes, int layerCount, int expected) =>
        Assert.Equal(expected, GpuLayerPlan.Choose(freeBytes, tensorBytes, cacheBytes, layerCount));

    [Fact]
    public void Hyper_threads_of_one_core_count_once()
    {
        foreach (var (cpu, siblings) in ((int, string)[])[(0, "0,2"), (1, "1,3"), (2, "0,2"), (3, "1,3")])
        {
            var topology = Directory.CreateDirectory(Path.Combine(_folder, $"cpu{cpu}", "topology")).FullName;
            File.WriteAllText(Path.Combine(topology, "thread_siblings_list"), siblings + "\n");
        }

        Directory.CreateDirectory(Path.Combine(_folder, "cpufreq"));

        Assert.Equal(2, CpuTopology.CountCores(_folder));
        Assert.Equal(0, CpuTopology.CountCores(Path.Combine(_folder, "nowhere")));
        Assert.InRange(CpuTopology.CountCores(), 1, Environment.ProcessorCount);
    }

    [Theory]
    [InlineData("max", "1000", 6_144_000, 10_240_000)]
    [InlineData("4096000", "1000000", 3_096_000, 4_096_000)]
    [InlineData("4096000", "5000000", 0, 4_096_000)]
    [InlineData("", "", 6_144_000, 10_240_000)]
    public void Memory_is_the_machines_or_the_containers(string limit, string used, long free, long total)
    {
        var info = Path.Combine(_folder, "meminfo");
        File.WriteAllText(info, "MemTotal:  10000 kB\nMemFree:  2000 kB\nMemAvailable:    6000 kB\n");
        File.WriteAllText(Path.Combine(_folder, "memory.max"), limit + "\n");
        File.WriteAllText(Path.Combine(_folder, "memory.current"), used + "\n");

        Assert.Equal((free, total), HostMemory.Read(info, _folder));
        Assert.Equal((0, 0), HostMemory.Read(Path.Combine(_folder, "nowhere"), _folder));
    }

    [Fact]
    public void The_gpu_report_tells_of_installed_packages_or_else_of_the_first()
    {
        LlamaRequirement[] none =
        [
            new("cuda13 package", false, "no file"), new("NVIDIA driver", true, "libcuda.so.1"),
            new("cuda12 package", false, "no file"), new("NVIDIA driver", true, "libcuda.so.1"),
        ];
        LlamaRequirement[] second = [none[0], none[1], new("cuda12 package", true, "file"), none[3]];

        Assert.Equal(
            ["cuda13 package missing (no file)", "NVIDIA driver found (libcuda.so.1)"], GpuReport.Describe(none));
        Assert.Equal(
            ["cuda12 package found (file)", "NVIDIA driver found (libcuda.so.1)"], GpuReport.Describe(second));
    }
}
