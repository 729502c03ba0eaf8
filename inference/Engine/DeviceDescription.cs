namespace Ollama.Platform.Inference.Engine;

/// <summary>One device that can compute.</summary>
/// <param name="Name">Backend's name of the device, e.g. <c>CPU</c> or <c>CUDA0</c>.</param>
/// <param name="Description">Name of the product.</param>
/// <param name="IsGpu">False for the CPU.</param>
/// <param name="FreeBytes">Memory that is free now.</param>
/// <param name="TotalBytes">Memory of the device.</param>
public sealed record DeviceDescription(string Name, string Description, bool IsGpu, long FreeBytes, long TotalBytes);
