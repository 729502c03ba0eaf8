using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Anthropic.Wire;

/// <summary>Everything that Anthropic's dialect writes, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(GoStringConverter), typeof(GoElementConverter)])]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ErrorWire))]
[JsonSerializable(typeof(CountWire))]
[JsonSerializable(typeof(AnswerWire))]
[JsonSerializable(typeof(ModelWire))]
[JsonSerializable(typeof(ModelListWire))]
[JsonSerializable(typeof(MarkWire))]
[JsonSerializable(typeof(MessageStartWire))]
[JsonSerializable(typeof(BlockStartWire))]
[JsonSerializable(typeof(BlockDeltaWire))]
[JsonSerializable(typeof(BlockStopWire))]
[JsonSerializable(typeof(MessageDeltaWire))]
internal sealed partial class AnthropicJson : JsonSerializerContext;
