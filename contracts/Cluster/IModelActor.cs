namespace Ollama.Platform.Contracts.Cluster;

/// <summary>
/// The one queue and the one list of replicas of what a <see cref="LoadKey"/> names. Never carries token bytes.
/// </summary>
public interface IModelActor
{
    /// <summary>
    /// Waits in fair order for a place on a loaded replica and holds it until the stream is left. A caller that dies
    /// leaves too, so that no place is lost.
    /// </summary>
    IAsyncEnumerable<AdmissionReply> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
