using Orleans;

namespace Ollama.Platform.Silo.Orleans;

/// <summary><see cref="Contracts.Cluster.IModelActor"/> as a grain; the key is the load key.</summary>
[Alias("ollama.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Admission replies, with a heartbeat each second.</summary>
    [Alias("Admit")]
    IAsyncEnumerable<ClusterEnvelope> AdmitAsync(ClusterEnvelope request, CancellationToken cancellationToken);
}
