using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>A page of the input of a response.</summary>
/// <param name="Data">The items.</param>
/// <param name="FirstId">The first of them; null when there is none.</param>
/// <param name="LastId">The last of them; null when there is none.</param>
/// <param name="HasMore">More follow.</param>
internal sealed record InputPage(IReadOnlyList<JsonElement> Data, string? FirstId, string? LastId, bool HasMore)
{
    /// <summary>Always the same.</summary>
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}
