namespace Ollama.Platform.Contracts.Cluster;

/// <summary>
/// What carries the actors: one process, or a cluster. An actor exists by being called; nobody makes or ends one.
/// </summary>
public interface IClusterHost
{
    /// <summary>The actor of a model.</summary>
    IModelActor Model(LoadKey key);

    /// <summary>The actor of a replica.</summary>
    IReplicaActor Replica(ReplicaKey key);

    /// <summary>The replicas that are loaded or loading now.</summary>
    Task<IReadOnlyList<ReplicaStatus>> ListReplicasAsync(CancellationToken cancellationToken);
}
