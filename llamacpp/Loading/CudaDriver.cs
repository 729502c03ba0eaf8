namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>What the NVIDIA driver of this machine can run.</summary>
/// <param name="Version">The newest CUDA that it supports.</param>
/// <param name="Gpus">The GPUs that it lets this process see.</param>
internal sealed record CudaDriver(Version Version, IReadOnlyList<CudaGpu> Gpus);

/// <summary>A GPU as the driver describes it.</summary>
/// <param name="Name">E.g. <c>NVIDIA H200</c>.</param>
/// <param name="Capability">Its compute capability, e.g. 9.0.</param>
internal sealed record CudaGpu(string Name, Version Capability);
