using Orleans;

namespace Ollama.Platform.Silo.Orleans;

/// <summary><see cref="Contracts.Cluster.IReplicaActor"/> as a grain; the key is the replica key.</summary>
[Alias("ollama.replica")]
public interface IReplicaGrain : IGrainWithStringKey
{
    /// <summary>Replies to a load, with a heartbeat each second.</summary>
    [Alias("Load")]
    IAsyncEnumerable<ClusterEnvelope> LoadAsync(ClusterEnvelope request, CancellationToken cancellationToken);

    /// <summary>Replies to a generation, with a heartbeat each second.</summary>
    [Alias("Generate")]
    IAsyncEnumerable<ClusterEnvelope> GenerateAsync(ClusterEnvelope request, CancellationToken cancellationToken);

    /// <summary>Replies to an embedding, with a heartbeat each second.</summary>
    [Alias("Embed")]
    IAsyncEnumerable<ClusterEnvelope> EmbedAsync(ClusterEnvelope request, CancellationToken cancellationToken);

    /// <summary>Replies to documents to score, with a heartbeat each second.</summary>
    [Alias("Rerank")]
    IAsyncEnumerable<ClusterEnvelope> RerankAsync(ClusterEnvelope request, CancellationToken cancellationToken);

    /// <summary>Replies to a text or tokens, with a heartbeat each second.</summary>
    [Alias("Tokenize")]
    IAsyncEnumerable<ClusterEnvelope> TokenizeAsync(ClusterEnvelope request, CancellationToken cancellationToken);

    /// <summary>Takes a name back; to unload a large model takes longer than a call may otherwise.</summary>
    [Alias("Unload")]
    [ResponseTimeout("00:01:00")]
    Task UnloadAsync(string name, CancellationToken cancellationToken);

    /// <summary>The status; an empty envelope when nothing is loaded.</summary>
    [Alias("Status")]
    Task<ClusterEnvelope> StatusAsync(CancellationToken cancellationToken);
}
