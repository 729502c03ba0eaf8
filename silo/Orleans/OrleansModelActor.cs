using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>Reaches a model's grain.</summary>
internal sealed class OrleansModelActor(IModelGrain grain, TimeProvider time) : IModelActor
{
    /// <inheritdoc/>
    public IAsyncEnumerable<AdmissionReply> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        grain.AdmitAsync(ClusterEnvelope.Of(request, ClusterJson.Default.AdmissionRequest), cancellationToken)
            .ReadAsync(RecordKinds.Admissions, time, cancellationToken);
}
