namespace Ollama.Platform.LlamaCpp;

/// <summary>A device that the library can compute on.</summary>
/// <param name="Name">Backend's name, e.g. <c>CPU</c> or <c>CUDA0</c>.</param>
/// <param name="Description">Name of the product.</param>
/// <param name="IsGpu">False for the CPU and its accelerators.</param>
/// <param name="FreeBytes">Memory free now.</param>
/// <param name="TotalBytes">Memory of the device.</param>
public sealed record LlamaDevice(string Name, string Description, bool IsGpu, long FreeBytes, long TotalBytes);
