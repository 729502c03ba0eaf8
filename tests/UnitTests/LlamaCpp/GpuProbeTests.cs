using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class GpuProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gpu-probe-").FullName;
    private readonly HashSet<string> _installed = [];
    private CudaDriver? _driver;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Package_driver_and_runtime_are_each_reported_as_missing()
    {
        Assert.Equal(
            [("cuda13 package", false), ("NVIDIA driver", false), ("CUDA 13 runtime", false)],
            Check("cuda13").Select(part => (part.Name, part.IsFound)));
    }

    [Fact]
    public void A_runtime_is_complete_or_missing()
    {
        _installed.UnionWith(["libcuda.so.1", "libcudart.so.12", "libcublas.so.12"]);

        var runtime = Check("cuda12")[2];

        Assert.False(runtime.IsFound);
        Assert.Equal("no libcublasLt.so.12", runtime.Detail);
    }

    [Fact]
    public void A_runtime_outside_the_linkers_path_is_found_where_distributions_put_it()
    {
        _installed.UnionWith(
        [
            "libcuda.so.1",
            "/usr/local/cuda/lib64/libcudart.so.13",
            "/usr/local/cuda/lib64/libcublasLt.so.13",
            "/usr/local/cuda/lib64/libcublas.so.13",
        ]);
        var module =
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "cuda13")).FullName, "libggml-cuda.so");
        File.WriteAllText(module, "");

        var checks = Check("cuda13");

        Assert.All(checks, check => Assert.True(check.IsFound, check.ToString()));
        Assert.Equal(module, checks[0].Detail);
    }

    [Fact]
    public void The_other_major_version_of_the_runtime_does_not_count()
    {
        _installed.UnionWith(["libcuda.so.1", "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12"]);

        Assert.False(Check("cuda13")[2].IsFound);
        Assert.True(Check("cuda12")[2].IsFound);
    }

    [Theory]
    [InlineData("13.0", "9.0", false)]
    [InlineData("13.1", "9.0", true)]
    [InlineData("13.0", "8.0", false)]
    [InlineData("13.0", "8.6", true)]
    [InlineData("13.0", "8.7", true)]
    [InlineData("13.0", "12.1", true)]
    [InlineData("14.0", "13.0", true)]
    [InlineData("13.1", "7.0", false)]
    public void A_driver_that_is_older_than_the_package_serves_cards_with_machine_code_only(
        string driver, string capability, bool fits)
    {
        InstallCuda13();
        _driver = new CudaDriver(Version.Parse(driver), [new CudaGpu("A card", Version.Parse(capability))]);

        Assert.Equal(fits, Check("cuda13").All(check => check.IsFound));
    }

    [Fact]
    public void A_driver_that_is_too_old_is_told_with_the_card_and_what_is_needed()
    {
        InstallCuda13();
        _driver = new CudaDriver(
            new Version(13, 0),
            [new CudaGpu("Fine", new Version(8, 9)), new CudaGpu("NVIDIA H200", new Version(9, 0))]);

        var check = Check("cuda13")[^1];

        Assert.Equal("NVIDIA driver for CUDA 13.1", check.Name);
        Assert.Equal(
            "the driver supports CUDA 13.0, and NVIDIA H200 (compute capability 9.0) needs a driver for CUDA 13.1 "
            + "with this package",
            check.Detail);
    }

    [Fact]
    public void The_driver_is_not_asked_while_something_is_missing()
    {
        _installed.Add("libcuda.so.1");
        var probe = new GpuProbe(
            new LibraryFolder(_folder, _folder, ""), _installed.Contains, () => throw new InvalidOperationException());

        Assert.All(GpuVariant.All, variant => Assert.Contains(probe.Check(variant), check => !check.IsFound));
    }

    private void InstallCuda13()
    {
        _installed.UnionWith(["libcuda.so.1", "libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13"]);
        File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "cuda13")).FullName, "libggml-cuda.so"), "");
    }

    private IReadOnlyList<LlamaRequirement> Check(string variant) =>
        new GpuProbe(
            new LibraryFolder(_folder, _folder, Path.Combine(_folder, "libllama.so")),
            _installed.Contains,
            () => _driver)
            .Check(GpuVariant.All.Single(candidate => candidate.Name == variant));
}
