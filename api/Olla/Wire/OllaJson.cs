using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>What Olla's own routes write, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LiveWire))]
[JsonSerializable(typeof(StatusWire))]
[JsonSerializable(typeof(EndpointsWire))]
[JsonSerializable(typeof(ModelsStatusWire))]
[JsonSerializable(typeof(ModelsStatsWire))]
[JsonSerializable(typeof(StickyStatsWire))]
[JsonSerializable(typeof(TranslatorsWire))]
[JsonSerializable(typeof(VersionWire))]
[JsonSerializable(typeof(ProcessWire))]
[JsonSerializable(typeof(UnifiedModelsWire))]
[JsonSerializable(typeof(UnifiedModelWire))]
internal sealed partial class OllaJson : JsonSerializerContext;
