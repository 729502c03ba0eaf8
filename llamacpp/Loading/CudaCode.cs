namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>
/// What a CUDA package's kernels are compiled to: machine code for some cards, and for others code that the driver
/// translates when it is first used. A driver that is older than the compiler refuses that, and the library then ends
/// the whole process.
/// </summary>
/// <param name="Version">The CUDA that compiled them.</param>
/// <param name="MachineCode">Compute capabilities with machine code; it also runs on later minor ones.</param>
/// <param name="Oldest">The lowest compute capability that there is any code for.</param>
/// <seealso href="https://docs.nvidia.com/cuda/cuda-compiler-driver-nvcc/#gpu-compilation">GPU compilation</seealso>
internal sealed record CudaCode(Version Version, IReadOnlyList<Version> MachineCode, Version Oldest)
{
    /// <summary>Why some GPU cannot run it; null when all can.</summary>
    public string? Refuse(CudaDriver driver)
    {
        foreach (var gpu in driver.Gpus)
        {
            if (gpu.Capability < Oldest)
            {
                return $"{gpu.Name} has compute capability {gpu.Capability}, and the package has code from {Oldest} on";
            }

            if (driver.Version < Version && !HasMachineCode(gpu.Capability))
            {
                return $"the driver supports CUDA {driver.Version}, and {gpu.Name} (compute capability "
                    + $"{gpu.Capability}) needs a driver for CUDA {Version} with this package";
            }
        }

        return null;
    }

    private bool HasMachineCode(Version capability) =>
        MachineCode.Any(code => code.Major == capability.Major && code.Minor <= capability.Minor);
}
