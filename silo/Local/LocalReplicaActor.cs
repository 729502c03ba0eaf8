using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Silo.Local;

/// <summary>Reaches a replica's actor in this process.</summary>
internal sealed class LocalReplicaActor(LocalHost host, ReplicaKey key) : IReplicaActor
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken) =>
        host.StreamAsync(key, (replica, turn) => replica.LoadAsync(request, turn), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> GenerateAsync(
        ReplicaGeneration request, CancellationToken cancellationToken) =>
        host.StreamAsync(key, (replica, turn) => replica.GenerateAsync(request, turn), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> EmbedAsync(ReplicaEmbedding request, CancellationToken cancellationToken) =>
        host.StreamAsync(key, (replica, turn) => replica.EmbedAsync(request, turn), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> RerankAsync(
        ReplicaReranking request, CancellationToken cancellationToken) =>
        host.StreamAsync(key, (replica, turn) => replica.RerankAsync(request, turn), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> TokenizeAsync(
        ReplicaTokenization request, CancellationToken cancellationToken) =>
        host.StreamAsync(key, (replica, turn) => replica.TokenizeAsync(request, turn), cancellationToken);

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken) => host.CallAsync(key, async replica =>
    {
        await replica.UnloadAsync(name, cancellationToken);
        return true;
    });

    /// <inheritdoc/>
    public Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken) =>
        host.CallAsync(key, replica => replica.StatusAsync(cancellationToken));
}
