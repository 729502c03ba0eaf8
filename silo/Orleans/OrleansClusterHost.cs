using Ollama.Platform.Contracts.Cluster;
using Orleans;
using Orleans.Runtime;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>Carries the actors as grains of a cluster.</summary>
internal sealed class OrleansClusterHost(IGrainFactory grains, TimeProvider time) : IClusterHost
{
    /// <inheritdoc/>
    public IModelActor Model(LoadKey key) => new OrleansModelActor(grains.GetGrain<IModelGrain>(key.Hex), time);

    /// <inheritdoc/>
    public IReplicaActor Replica(ReplicaKey key) =>
        new OrleansReplicaActor(grains.GetGrain<IReplicaGrain>(key.ToString()), time);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReplicaStatus>> ListReplicasAsync(CancellationToken cancellationToken)
    {
        var active = await grains.GetGrain<IManagementGrain>(0)
            .GetActiveGrains(GrainType.Create(ReplicaGrain.TypeName));
        var statuses = await Task.WhenAll(active.Select(id =>
            ReplicaKey.TryParse(id.Key.ToString(), out var key)
                ? Replica(key).StatusAsync(cancellationToken)
                : Task.FromResult<ReplicaStatus?>(null)));
        return [.. statuses.OfType<ReplicaStatus>()];
    }
}
