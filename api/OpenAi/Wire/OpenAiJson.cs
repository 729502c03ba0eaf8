using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>Everything that OpenAI's dialect writes, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(GoStringConverter), typeof(GoDoubleConverter)])]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(TextCompletion))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(RerankList))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelItem))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
