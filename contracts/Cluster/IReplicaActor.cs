namespace Ollama.Platform.Contracts.Cluster;

/// <summary>
/// Keeps weights resident on one silo and streams tokens. Refusals come as items of the streams, never as exceptions.
/// </summary>
public interface IReplicaActor
{
    /// <summary>
    /// Ensures that the replica is loaded, says so, and keeps it loaded until the stream is left. The load goes on
    /// when the caller leaves. The stream ends with a refusal when the runner does.
    /// </summary>
    IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken);

    /// <summary>Chats or completes, loading first when needed. Leaving the stream frees the slot.</summary>
    IAsyncEnumerable<ReplicaReply> GenerateAsync(ReplicaGeneration request, CancellationToken cancellationToken);

    /// <summary>Computes vectors, loading first when needed; one item.</summary>
    IAsyncEnumerable<ReplicaReply> EmbedAsync(ReplicaEmbedding request, CancellationToken cancellationToken);

    /// <summary>Scores documents, loading first when needed; one item.</summary>
    IAsyncEnumerable<ReplicaReply> RerankAsync(ReplicaReranking request, CancellationToken cancellationToken);

    /// <summary>Splits a text or joins tokens, loading first when needed; one item.</summary>
    IAsyncEnumerable<ReplicaReply> TokenizeAsync(ReplicaTokenization request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a name back, now when idle, otherwise after its last request; the model is unloaded with the last name.
    /// Not loaded is success.
    /// </summary>
    /// <param name="name">The name as lists show it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task UnloadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Where the replica stands; null when nothing is loaded or loading.</summary>
    Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken);
}
