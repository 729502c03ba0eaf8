using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Health.Wire;

/// <summary>The answer of <c>/health</c> and <c>/ready</c>.</summary>
/// <param name="Status"><see cref="Ok"/> or <see cref="Unavailable"/>.</param>
/// <param name="Checks">For each check <see cref="Ok"/> or what stands in the way; null for none.</param>
internal sealed record HealthReply(string Status, IReadOnlyDictionary<string, string>? Checks)
{
    /// <summary>All is well.</summary>
    public const string Ok = "ok";

    /// <summary>Something stands in the way.</summary>
    public const string Unavailable = "unavailable";
}

/// <summary>What these routes write, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReply))]
internal sealed partial class HealthJson : JsonSerializerContext;
