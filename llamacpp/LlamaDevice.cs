namespace Ollama.Platform.LlamaCpp;

/// <summary>A device of a loaded backend.</summary>
/// <param name="Name">The backend's name for it, e.g. <c>CPU</c> or <c>CUDA0</c>.</param>
/// <param name="Description">Name of the product.</param>
/// <param name="IsGpu">True for GPUs, integrated ones too.</param>
/// <param name="FreeBytes">Memory that is free now, as the backend sees it; for the CPU that is all of it.</param>
/// <param name="TotalBytes">Memory of the device.</param>
public sealed record LlamaDevice(string Name, string Description, bool IsGpu, long FreeBytes, long TotalBytes);
