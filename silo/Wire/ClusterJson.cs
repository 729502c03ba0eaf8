using System.Text.Json.Serialization;
using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Silo.Wire;

/// <summary>The records that cross silos.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(ModelNameJsonConverter), typeof(VectorJsonConverter)])]
[JsonSerializable(typeof(AdmissionRequest))]
[JsonSerializable(typeof(AdmissionReply))]
[JsonSerializable(typeof(ReplicaLoad))]
[JsonSerializable(typeof(ReplicaGeneration))]
[JsonSerializable(typeof(ReplicaEmbedding))]
[JsonSerializable(typeof(ReplicaReranking))]
[JsonSerializable(typeof(ReplicaTokenization))]
[JsonSerializable(typeof(ReplicaReply))]
[JsonSerializable(typeof(ReplicaStatus))]
internal sealed partial class ClusterJson : JsonSerializerContext;
