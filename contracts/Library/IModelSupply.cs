namespace Ollama.Platform.Contracts.Library;

/// <summary>
/// The port to models that are about to be used: one that is missing is pulled first where the operator allows that.
/// Whoever only asks about a model uses <see cref="ILibrary"/>.
/// </summary>
public interface IModelSupply
{
    /// <summary>
    /// Resolves a name, in any spelling, to what serving it needs; null when there is no such model, in the registry
    /// neither. The pull goes on when the caller leaves.
    /// </summary>
    /// <exception cref="Errors.ModelException">
    /// The pull failed, too many wait for pulls, a blob is missing or the model file is damaged.
    /// </exception>
    Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken);
}
