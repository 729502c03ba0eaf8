using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Wire;
using Orleans;
using Orleans.Concurrency;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>Carries a <see cref="ModelQueue"/>, which is written for turns that interleave at awaits.</summary>
[Reentrant]
[GrainType("ollama.model")]
internal sealed class ModelGrain(ActorFactory actors, IClusterHost host, TimeProvider time) : Grain, IModelGrain
{
    private ModelQueue? _queue;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!LoadKey.TryParse(this.GetPrimaryKeyString(), out var key))
        {
            throw new ArgumentException("The key of a model grain is a load key.");
        }

        _queue = actors.CreateQueue(key, host.Replica);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> AdmitAsync(
        ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.AdmissionRequest, _queue!.AdmitAsync, RecordKinds.Admissions, time,
            cancellationToken);

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _queue?.Dispose();
        return Task.CompletedTask;
    }
}
