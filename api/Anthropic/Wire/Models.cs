using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Anthropic.Wire;

/// <summary>A model of the library.</summary>
/// <param name="Id">The name by which it is asked for.</param>
/// <param name="DisplayName">The name as the library has it.</param>
/// <param name="CreatedAt">When it came into the library.</param>
/// <param name="MaxInputTokens">Tokens it was trained to read; null when unknown.</param>
internal sealed record ModelWire(string Id, string DisplayName, string CreatedAt, int? MaxInputTokens)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "model";
}

/// <summary>A page of models.</summary>
/// <param name="Data">The models.</param>
/// <param name="HasMore">There are more in the direction that was asked for.</param>
/// <param name="FirstId">Where the page before ends; null for an empty page.</param>
/// <param name="LastId">Where the next page begins; null for an empty page.</param>
internal sealed record ModelListWire(
    IReadOnlyList<ModelWire> Data,
    bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FirstId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastId);
