namespace Ollama.Platform.Contracts.Models;

/// <summary>Which calls an answer may or must hold.</summary>
public sealed record ToolChoice
{
    /// <summary>The answer is a call; otherwise the model decides.</summary>
    public bool Required { get; init; }

    /// <summary>The one tool that a required call may name; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>The answer may hold several calls.</summary>
    public bool ManyCalls { get; init; } = true;
}
