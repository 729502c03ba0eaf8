namespace Ollama.Platform.Contracts.Library;

/// <summary>The port to all models that have a manifest. Changes made on disk are seen by the next call.</summary>
public interface ILibrary
{
    /// <summary>Resolves a name, in any spelling, to what serving it needs; null when there is no such model.</summary>
    /// <exception cref="Errors.ModelException">A blob is missing or the model file is damaged.</exception>
    Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken);

    /// <summary>All models, latest change first. Manifests that cannot be read are left out.</summary>
    Task<IReadOnlyList<ModelSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Describes a model in full; null when there is no such model.</summary>
    /// <param name="name">The model.</param>
    /// <param name="request">What to tell of it.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="Errors.ModelException">A blob is missing or the model file is damaged.</exception>
    Task<ModelReport?> ShowAsync(ModelName name, ReportRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a model a second name, which takes the place of any model of that name; false when there is no such model.
    /// </summary>
    /// <exception cref="Errors.ModelException">The manifest is damaged.</exception>
    /// <exception cref="Blobs.BlobStorageException">The disk refused; nothing changed.</exception>
    Task<bool> CopyAsync(ModelName source, ModelName destination, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a name, and the blobs that no other model needs; false when there is no such model. A loaded model stays
    /// loaded.
    /// </summary>
    /// <exception cref="Blobs.BlobStorageException">The disk refused.</exception>
    Task<bool> DeleteAsync(ModelName name, CancellationToken cancellationToken);
}
