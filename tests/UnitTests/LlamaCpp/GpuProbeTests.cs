using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class GpuProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gpu-probe-").FullName;
    private readonly HashSet<string> _installed = [];

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

    private IReadOnlyList<LlamaRequirement> Check(string variant) =>
        new GpuProbe(new LibraryFolder(_folder, _folder, Path.Combine(_folder, "libllama.so")), _installed.Contains)
            .Check(GpuVariant.All.Single(candidate => candidate.Name == variant));
}
