using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>Everything that Ollama's dialect writes, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [
        typeof(GoStringConverter), typeof(GoElementConverter), typeof(GoSingleConverter), typeof(GoDoubleConverter)])]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ErrorLine))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(CancelReply))]
[JsonSerializable(typeof(TagsReply))]
[JsonSerializable(typeof(ProcessReply))]
[JsonSerializable(typeof(ShowReply))]
[JsonSerializable(typeof(GenerateLine))]
[JsonSerializable(typeof(ChatLine))]
[JsonSerializable(typeof(EmbedReply))]
[JsonSerializable(typeof(EmbeddingsReply))]
[JsonSerializable(typeof(RerankReply))]
[JsonSerializable(typeof(TokenizeReply))]
[JsonSerializable(typeof(DetokenizeReply))]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class WireJson : JsonSerializerContext;
