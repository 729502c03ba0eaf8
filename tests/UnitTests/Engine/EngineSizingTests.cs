using System.Globalization;
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
    [InlineData(7, 5_000_000, 4, 7)]
    [InlineData(1000, 5_000_000, 4, 8)]
    public void Threads_follow_the_wish_or_the_size_of_the_model(int wanted, long tensorBytes, int cores,
        int expected) =>
        Assert.Equal(expected, ThreadPolicy.Choose(wanted, tensorBytes, cores, processorCount: 2 * cores));

    [Theory]
    [InlineData(24L << 30, 4L << 30, 1L << 30, 32, GpuPlan.All)]
    [InlineData(3L << 30, 4L << 30, 1L << 30, 32, 14)]
    [InlineData(0, 4L << 30, 1L << 30, 32, 0)]
    [InlineData(1L << 30, 4L << 40, 1L << 40, 80, 0)]
    public void Layers_that_do_not_fit_onto_the_gpu_stay_off(
        long freeBytes, long tensorBytes, long cacheBytes, int layerCount, int expected)
    {
        var plan = GpuPlan.Choose([freeBytes], new GpuDemand(tensorBytes, cacheBytes, layerCount), Wanted());
        Assert.Equal(new GpuPlan(expected, MainGpu: 0, IsSplit: false), plan);
    }

    [Theory]
    // The one with most free memory, when all of it fits there.
    [InlineData("8 24 16", -1, null, false, 0, "-1 1 False")]
    // Several, when it fits on none; as many layers as they hold together.
    [InlineData("6 6", -1, null, false, 0, "-1  True")]
    [InlineData("2 2", -1, null, false, 0, "10  True")]
    // The one that was asked for, although another has more.
    [InlineData("8 24 16", -1, 2, false, 0, "-1 2 False")]
    [InlineData("2 24", -1, 0, false, 0, "5 0 False")]
    // All, when the operator wants that.
    [InlineData("24 24", -1, null, true, 0, "-1  True")]
    [InlineData("24 24", -1, 1, true, 0, "-1 1 True")]
    // The number that was asked for; on one where so many fit.
    [InlineData("6 6", 12, null, false, 0, "12 0 False")]
    [InlineData("6 6", 30, null, false, 0, "30  True")]
    // What is left to others is not free.
    [InlineData("12 12", -1, null, false, 4, "-1  True")]
    public void A_model_goes_onto_one_gpu_where_it_fits_and_is_split_otherwise(
        string freeGibibytes, int layers, int? mainGpu, bool spread, long overheadGibibytes, string expected)
    {
        long[] free =
        [
            .. freeGibibytes.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture) << 30),
        ];
        var wanted = Wanted() with
        {
            GpuLayerCount = layers,
            MainGpu = mainGpu,
            GpusSpread = spread,
            GpuOverheadBytes = overheadGibibytes << 30,
        };
        var plan = GpuPlan.Choose(free, new GpuDemand(7L << 30, 1L << 30, 32), wanted);
        Assert.Equal(expected, $"{plan.LayerCount} {plan.MainGpu} {plan.IsSplit}");
    }

    private static LoadSpecification Wanted() => new() { WeightsPath = "/m", ContextTokens = 1, SlotCount = 1 };

    [Fact]
    public void Hyper_threads_of_one_core_count_once()
    {
        foreach (var (cpu, siblings) in ((int, string)[])[(0, "0,2"), (1, "1,3"), (2, "0,2"), (3, "1,3")])
        {
            var topology = Directory.CreateDirectory(Path.Combine(_folder, $"cpu{cpu}", "topology")).FullName;
            File.WriteAllText(Path.Combine(topology, "thread_siblings_list"), siblings + "\n");
        }

        Directory.CreateDirectory(Path.Combine(_folder, "cpufreq"));

        Assert.Equal([[0, 2], [1, 3]], CpuTopology.ListCores(_folder, null));
        Assert.Equal([[1, 3], [2]], CpuTopology.ListCores(_folder, [1, 2, 3]));
        Assert.Equal([[0]], CpuTopology.ListCores(_folder, [0]));
        Assert.Empty(CpuTopology.ListCores(Path.Combine(_folder, "nowhere"), null));
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

    [Fact]
    public void A_gpu_is_wanting_where_a_package_is_installed_and_none_works()
    {
        LlamaRequirement[] first = [new("cuda13 package", true, "file"), new("NVIDIA driver", false, "none")];
        LlamaRequirement[] second = [new("cuda12 package", true, "file"), new("NVIDIA driver", true, "libcuda.so.1")];
        LlamaRequirement[] absent = [new("vulkan package", false, "no file"), new("Vulkan loader", true, "loader")];

        Assert.True(GpuReport.IsWanting([.. first, .. absent]));
        Assert.False(GpuReport.IsWanting([.. first, .. second]));
        Assert.False(GpuReport.IsWanting(absent));
    }
}
