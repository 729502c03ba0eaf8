using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>A page of a list.</summary>
/// <param name="Data">The entries.</param>
/// <param name="FirstId">The first of them; null when there is none.</param>
/// <param name="LastId">The last of them; null when there is none.</param>
/// <param name="HasMore">More follow.</param>
internal sealed record PageWire<T>(IReadOnlyList<T> Data, string? FirstId, string? LastId, bool HasMore)
{
    /// <summary>Always the same.</summary>
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}
