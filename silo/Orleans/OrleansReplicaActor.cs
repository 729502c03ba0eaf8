using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>Reaches a replica's grain.</summary>
internal sealed class OrleansReplicaActor(IReplicaGrain grain, TimeProvider time) : IReplicaActor
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken) =>
        grain.LoadAsync(ClusterEnvelope.Of(request, ClusterJson.Default.ReplicaLoad), cancellationToken)
            .ReadAsync(RecordKinds.Replies, time, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> GenerateAsync(
        ReplicaGeneration request, CancellationToken cancellationToken) =>
        grain.GenerateAsync(ClusterEnvelope.Of(request, ClusterJson.Default.ReplicaGeneration), cancellationToken)
            .ReadAsync(RecordKinds.Replies, time, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> EmbedAsync(ReplicaEmbedding request, CancellationToken cancellationToken) =>
        grain.EmbedAsync(ClusterEnvelope.Of(request, ClusterJson.Default.ReplicaEmbedding), cancellationToken)
            .ReadAsync(RecordKinds.Replies, time, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> RerankAsync(
        ReplicaReranking request, CancellationToken cancellationToken) =>
        grain.RerankAsync(ClusterEnvelope.Of(request, ClusterJson.Default.ReplicaReranking), cancellationToken)
            .ReadAsync(RecordKinds.Replies, time, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> TokenizeAsync(
        ReplicaTokenization request, CancellationToken cancellationToken) =>
        grain.TokenizeAsync(
                ClusterEnvelope.Of(request, ClusterJson.Default.ReplicaTokenization), cancellationToken)
            .ReadAsync(RecordKinds.Replies, time, cancellationToken);

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        grain.UnloadAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        var envelope = await grain.StatusAsync(cancellationToken);
        return envelope.Content.Length == 0 ? null : envelope.Open(ClusterJson.Default.ReplicaStatus);
    }
}
