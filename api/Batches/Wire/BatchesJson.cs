using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Wire;

namespace Ollama.Platform.Api.Batches.Wire;

/// <summary>Everything that the routes of files and batches write, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(GoStringConverter), typeof(GoElementConverter)])]
[JsonSerializable(typeof(FileWire))]
[JsonSerializable(typeof(PageWire<FileWire>))]
[JsonSerializable(typeof(BatchWire))]
[JsonSerializable(typeof(PageWire<BatchWire>))]
[JsonSerializable(typeof(ResultLine))]
[JsonSerializable(typeof(DeletedWire))]
internal sealed partial class BatchesJson : JsonSerializerContext;
