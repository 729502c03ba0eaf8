using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>A folder without a usable library gets a reason that an operator can act on.</summary>
public sealed class LibraryFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "missing");
        Assert.Contains(missing, Assert.Throws<LlamaLibraryException>(() => NativeLibraries.Open(missing)).Message);
    }

    [Fact]
    public void An_empty_folder_says_which_file_is_missing() =>
        Assert.Contains(
            "libggml-base*.so", Assert.Throws<LlamaLibraryException>(() => NativeLibraries.Open(_folder)).Message);

    [Fact]
    public void A_file_that_is_no_library_is_named()
    {
        var file = Path.Combine(_folder, "libggml-base.so");
        File.WriteAllText(file, "junk");
        Assert.Contains(file, Assert.Throws<LlamaLibraryException>(() => NativeLibraries.Open(_folder)).Message);
    }

    [Fact]
    public void A_GPU_backend_without_its_package_is_reported_as_missing()
    {
        var gpus = GpuSupport.Probe(_folder);
        Assert.Equal(["cuda13", "cuda12", "vulkan"], gpus.Select(gpu => gpu.Variant));
        Assert.All(gpus, gpu =>
        {
            Assert.False(gpu.CanLoad);
            Assert.Contains("package missing", gpu.ToString());
        });
    }
}
