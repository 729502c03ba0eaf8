using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Wire;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>Everything that the routes of responses write, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(GoStringConverter), typeof(GoDoubleConverter), typeof(GoElementConverter)])]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ResponseWire))]
[JsonSerializable(typeof(InputTokensWire))]
[JsonSerializable(typeof(OutputItem))]
[JsonSerializable(typeof(ContentPart))]
[JsonSerializable(typeof(SummaryPart))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ErrorEvent))]
[JsonSerializable(typeof(PageWire<JsonElement>))]
[JsonSerializable(typeof(DeletedWire))]
internal sealed partial class ResponsesJson : JsonSerializerContext;
