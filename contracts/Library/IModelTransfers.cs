namespace Ollama.Platform.Contracts.Library;

/// <summary>
/// The port to models that come from registries and go there. A stream ends with the step <c>success</c>.
/// </summary>
public interface IModelTransfers
{
    /// <summary>
    /// Brings a model, or follows the pull of it that runs already. The pull goes on when the caller leaves.
    /// </summary>
    /// <param name="name">The model, with the host of its registry.</param>
    /// <param name="insecure">Asks the registry without TLS, where that is allowed.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="Errors.ModelException">The pull failed; what arrived is kept for the next one.</exception>
    IAsyncEnumerable<TransferProgress> PullAsync(ModelName name, bool insecure, CancellationToken cancellationToken);

    /// <summary>Sends a model to its registry.</summary>
    /// <param name="name">The model, with the host of its registry.</param>
    /// <param name="insecure">Asks the registry without TLS, where that is allowed.</param>
    /// <param name="cancellationToken">Ends the push.</param>
    /// <exception cref="Errors.ModelException">The push failed.</exception>
    IAsyncEnumerable<TransferProgress> PushAsync(ModelName name, bool insecure, CancellationToken cancellationToken);
}
