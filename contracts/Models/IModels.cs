using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Contracts.Models;

/// <summary>
/// The port through which every dialect reaches the models: names in, streams of chunks out.
/// Each call resolves the name anew, so that a pull that changes a name is seen by the next request.
/// </summary>
/// <remarks>
/// All members throw <see cref="ModelException"/> for what the caller must see; a stream throws it from the first
/// <c>MoveNextAsync</c> when nothing was produced yet, so that the status line can still say so.
/// </remarks>
public interface IModels
{
    /// <summary>Chats or completes. The last chunk has a <see cref="GenerationChunk.FinishReason"/>.</summary>
    IAsyncEnumerable<GenerationChunk> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>Computes one vector for each input, in the order of the inputs.</summary>
    Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken);

    /// <summary>Scores documents by how well they answer a query, in the order of the documents.</summary>
    Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Renders the prompt as <see cref="GenerateAsync"/> would, without loading or running the model.
    /// </summary>
    Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the tokens of the prompt that <see cref="GenerateAsync"/> would build before any of it is cut, whether
    /// they fit the context or not. Loads the model, since its vocabulary decides, and waits for no slot.
    /// </summary>
    Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Splits a text into the model's tokens. Loads the model, since its vocabulary decides, and waits for no slot.
    /// </summary>
    Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, CancellationToken cancellationToken);

    /// <summary>Joins tokens of the model to a text; loads as <see cref="TokenizeAsync"/> does.</summary>
    Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, CancellationToken cancellationToken);

    /// <summary>Loads the model and starts its keep-alive time; returns when it is ready.</summary>
    Task LoadAsync(LoadRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Unloads every replica of the model once its running sequences have ended. Not loaded is success.
    /// </summary>
    Task UnloadAsync(string model, CancellationToken cancellationToken);

    /// <summary>The active replicas, latest expiry first.</summary>
    Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken);
}
