using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>What streams need to know of the records that they carry.</summary>
/// <param name="Type">Encodes one.</param>
/// <param name="Heartbeat">The one that says nothing.</param>
/// <param name="Refused">Makes one of a refusal.</param>
internal sealed record RecordKind<T>(JsonTypeInfo<T> Type, T Heartbeat, Func<Refusal, T> Refused);

/// <summary>The records that streams carry.</summary>
internal static class RecordKinds
{
    /// <summary>Replies of models.</summary>
    public static RecordKind<AdmissionReply> Admissions { get; } = new(
        ClusterJson.Default.AdmissionReply, AdmissionReply.Heartbeat,
        refusal => new AdmissionReply { Refusal = refusal });

    /// <summary>Replies of replicas.</summary>
    public static RecordKind<ReplicaReply> Replies { get; } = new(
        ClusterJson.Default.ReplicaReply, ReplicaReply.Heartbeat, refusal => new ReplicaReply { Refusal = refusal });
}
