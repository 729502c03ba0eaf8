using System.Text.Json.Serialization;
using Ollama.Platform.Api.Batches.Wire;

namespace Ollama.Platform.Api.Batches;

/// <summary>A batch as it is kept.</summary>
/// <param name="Batch">What clients see.</param>
/// <param name="OutputId">The file in which its answers gather.</param>
/// <param name="ErrorId">The file in which its failed requests gather.</param>
/// <param name="OutputLife">How long these two are kept; null for the usual time.</param>
internal sealed record BatchRecord(BatchWire Batch, string OutputId, string ErrorId, TimeSpan? OutputLife = null);

/// <summary>How files and batches are kept, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FileWire))]
[JsonSerializable(typeof(BatchRecord))]
internal sealed partial class RecordsJson : JsonSerializerContext;
