using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp;

/// <summary>The three things that a GPU backend needs, and which of them are here.</summary>
/// <param name="Variant"><c>cuda13</c>, <c>cuda12</c> or <c>vulkan</c>.</param>
/// <param name="ModulePath">The backend module of its package; null when the package was not built in.</param>
/// <param name="DriverFound">The driver's library can be opened.</param>
/// <param name="RuntimeFound">The runtime's libraries can be opened.</param>
/// <param name="Loaded">The backend was loaded.</param>
public sealed record GpuSupport(
    string Variant, string? ModulePath, bool DriverFound, bool RuntimeFound, bool Loaded)
{
    private static readonly (string Variant, string Module, string[] Driver, string[] Runtime)[] Known =
    [
        ("cuda13", "libggml-cuda.so", ["libcuda.so.1"], ["libcudart.so.13", "libcublas.so.13"]),
        ("cuda12", "libggml-cuda.so", ["libcuda.so.1"], ["libcudart.so.12", "libcublas.so.12"]),
        ("vulkan", "libggml-vulkan.so", ["libvulkan.so.1"], []),
    ];

    /// <summary>Whether everything is there to try it.</summary>
    public bool CanLoad => ModulePath is not null && DriverFound && RuntimeFound;

    /// <summary>Looks for each variant below a folder such as <c>native/</c>.</summary>
    internal static IReadOnlyList<GpuSupport> Probe(string root) =>
    [
        .. from known in Known
           let module = Path.Combine(root, known.Variant, known.Module)
           select new GpuSupport(
               known.Variant,
               File.Exists(module) ? module : null,
               known.Driver.All(CanOpen),
               known.Runtime.All(CanOpen),
               Loaded: false),
    ];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Variant}: package {Word(ModulePath is not null)}, driver {Word(DriverFound)}, "
        + $"runtime {Word(RuntimeFound)}, {(Loaded ? "in use" : "not in use")}";

    private static string Word(bool found) => found ? "found" : "missing";

    private static bool CanOpen(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }
}
