using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.Silo.Models;

/// <summary>Makes the behaviour of actors, for whichever host carries them.</summary>
internal sealed class ActorFactory(
    ReplicaLoader loader, GenerationRun generation, LoadWaiters loadWaiters, SiloOptions options, TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>The behaviour of a model's actor.</summary>
    /// <param name="key">Which model.</param>
    /// <param name="replicas">Reaches its replicas.</param>
    public ModelQueue CreateQueue(LoadKey key, Func<ReplicaKey, IReplicaActor> replicas) =>
        new(key, replicas, loadWaiters, options, time, loggers.CreateLogger<ModelQueue>());

    /// <summary>The behaviour of a replica's actor.</summary>
    /// <param name="key">Which replica.</param>
    /// <param name="turns">Runs its turns.</param>
    /// <param name="activeChanged">Hears whether the actor must be kept although nobody calls it.</param>
    public ModelReplica CreateReplica(ReplicaKey key, TaskScheduler turns, Action<bool> activeChanged)
    {
        var lifetime = new ReplicaLifetime(
            key, loader, options, time, turns, activeChanged, loggers.CreateLogger<ReplicaLifetime>());
        return new ModelReplica(key, lifetime, generation, time);
    }
}
