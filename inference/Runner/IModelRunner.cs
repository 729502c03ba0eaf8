using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// The seam behind which native code runs for one replica. It speaks serializable frames over a duplex pipe, so that
/// the other end may live in this process or in a child process. Disposing unloads the model.
/// </summary>
/// <remarks>
/// Members throw <see cref="ModelException"/> with <see cref="ModelErrorCode.RunnerStopped"/> once it has ended.
/// </remarks>
public interface IModelRunner : IAsyncDisposable
{
    /// <summary>What was loaded.</summary>
    RunnerDescription Description { get; }

    /// <summary>Completes when the runner has ended, with the reason, or null after a normal unload.</summary>
    Task<string?> Ended { get; }

    /// <summary>
    /// Runs a sequence. The last chunk has a finish reason and usage. Leaving the enumeration or cancelling frees the
    /// slot within one step.
    /// </summary>
    /// <exception cref="ModelException">The queue is full or the engine failed.</exception>
    IAsyncEnumerable<SequenceChunk> SubmitAsync(SequenceRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Computes one vector for each input, packed into full batches; as the model pools them, not normalised.
    /// </summary>
    /// <param name="inputs">Tokens of each.</param>
    /// <param name="adapterKey">Adapters that they are computed with; 0 for none.</param>
    /// <param name="cancellationToken">Leaves the rest out.</param>
    Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<int[]> inputs, long adapterKey, CancellationToken cancellationToken);

    /// <summary>
    /// Loads LoRA files; what names the key is computed with them. The key is the caller's to choose, other
    /// than 0 and not in use.
    /// </summary>
    /// <exception cref="ModelException">A file does not fit the model.</exception>
    Task<AdapterBytes> LoadAdaptersAsync(long key, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Frees what <see cref="LoadAdaptersAsync"/> loaded; nobody may name it any more.</summary>
    Task DropAdaptersAsync(long key, CancellationToken cancellationToken);

    /// <summary>Splits text into tokens.</summary>
    Task<int[]> TokenizeAsync(string text, bool specialAdded, bool specialParsed, CancellationToken cancellationToken);

    /// <summary>Joins tokens to text.</summary>
    Task<string> DetokenizeAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken);
}
