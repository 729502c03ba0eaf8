using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Silo.Library;

/// <summary>The JSON layers of a manifest.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(List<LayerMessage>))]
internal sealed partial class LibraryJson : JsonSerializerContext;

/// <summary>One entry of a messages layer.</summary>
internal sealed record LayerMessage
{
    public string? Role { get; init; }

    public string? Content { get; init; }
}
