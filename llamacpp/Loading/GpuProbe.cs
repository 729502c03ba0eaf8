using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>
/// Looks for what a GPU backend needs and says of each thing whether it is there. A module that lacks one of them does
/// not open, and the dynamic linker's message alone would not tell a user what to install.
/// </summary>
/// <param name="folder">Where the modules lie.</param>
/// <param name="tryOpen">Opens a shared library by name or path and keeps it open; false when that fails.</param>
/// <param name="readDriver">Asks the NVIDIA driver; null when it does not answer.</param>
internal sealed class GpuProbe(LibraryFolder folder, Func<string, bool> tryOpen, Func<CudaDriver?> readDriver)
{
    // Where distributions and container images put CUDA without telling the dynamic linker. A library opened from
    // there by path is found by its name when the module is opened after it.
    private static readonly string[] RuntimeFolders =
    [
        "/usr/local/cuda/lib64",
        "/usr/local/cuda-13/lib64",
        "/usr/local/cuda-12/lib64",
        "/usr/local/cuda/targets/x86_64-linux/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/local/nvidia/lib64",
        "/usr/lib/wsl/lib",
    ];

    /// <summary>Opens libraries with the dynamic linker.</summary>
    public static bool TryOpen(string nameOrPath) => NativeLibrary.TryLoad(nameOrPath, out _);

    /// <summary>Checks package, driver and runtime of a variant and, with all there, whether they fit.</summary>
    public IReadOnlyList<LlamaRequirement> Check(GpuVariant variant)
    {
        var module = folder.FindModule(variant.Name, variant.Module);
        var requirements = new List<LlamaRequirement>
        {
            new($"{variant.Name} package", module is not null, module ?? $"no {variant.Module}"),
            Open(variant.DriverName, [variant.DriverFile]),
        };
        if (variant.RuntimeFiles.Count > 0)
        {
            requirements.Add(Open(variant.RuntimeName, variant.RuntimeFiles));
        }

        if (variant.Code is { } code
            && requirements.All(requirement => requirement.IsFound)
            && readDriver() is { } driver
            && code.Refuse(driver) is { } refusal)
        {
            requirements.Add(new LlamaRequirement($"{variant.DriverName} for CUDA {code.Version}", false, refusal));
        }

        return requirements;
    }

    private LlamaRequirement Open(string name, IReadOnlyList<string> files)
    {
        var missing = files.Where(file => !CanOpen(file)).ToList();
        return missing.Count == 0
            ? new LlamaRequirement(name, true, string.Join(", ", files))
            : new LlamaRequirement(name, false, $"no {string.Join(", ", missing)}");
    }

    private bool CanOpen(string file) =>
        tryOpen(file) || RuntimeFolders.Any(runtime => tryOpen(Path.Combine(runtime, file)));
}
