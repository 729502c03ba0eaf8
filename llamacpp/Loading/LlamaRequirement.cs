namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>One of the things that a GPU backend needs.</summary>
/// <param name="Name">What is needed, e.g. <c>NVIDIA driver</c>.</param>
/// <param name="IsFound">Whether it is there.</param>
/// <param name="Detail">The file that was found or looked for, or what failed.</param>
public sealed record LlamaRequirement(string Name, bool IsFound, string Detail);
