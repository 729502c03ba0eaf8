namespace Ollama.Platform.Contracts.Library;

/// <summary>The port to making models.</summary>
public interface IModelCreation
{
    /// <summary>
    /// Makes a model and tells each step; the last has the status <c>success</c>. The model appears with the step
    /// before it, whole, in place of any model of its name; a failure or a caller that leaves changes nothing.
    /// </summary>
    /// <exception cref="Errors.ModelException">The request cannot be carried out.</exception>
    /// <exception cref="Blobs.BlobStorageException">The disk refused.</exception>
    IAsyncEnumerable<TransferProgress> CreateAsync(CreationRequest request, CancellationToken cancellationToken);
}
