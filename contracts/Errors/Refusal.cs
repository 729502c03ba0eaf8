namespace Ollama.Platform.Contracts.Errors;

/// <summary>A refusal as data, as it travels between silos.</summary>
/// <param name="Code">What was refused.</param>
/// <param name="Model">The model as the client wrote it, where one was named.</param>
/// <param name="Detail">What the code's documentation says; null where it says nothing.</param>
public sealed record Refusal(ModelErrorCode Code, string? Model, string? Detail);
