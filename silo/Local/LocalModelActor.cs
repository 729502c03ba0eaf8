using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Silo.Local;

/// <summary>Reaches a model's actor in this process.</summary>
internal sealed class LocalModelActor(LocalHost host, LoadKey key) : IModelActor
{
    /// <inheritdoc/>
    public IAsyncEnumerable<AdmissionReply> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        host.AdmitAsync(key, request, cancellationToken);
}
