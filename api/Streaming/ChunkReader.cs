using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Streaming;

/// <summary>
/// Reads the chunks of one run. A run that failed or was abandoned has no last chunk that a client could take for a
/// finished answer: it ends in a refusal instead.
/// </summary>
internal sealed class ChunkReader(IAsyncEnumerable<GenerationChunk> chunks, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private readonly IAsyncEnumerator<GenerationChunk> _chunks = chunks.GetAsyncEnumerator(cancellationToken);

    /// <summary>The chunk that was read last.</summary>
    public GenerationChunk Current => _chunks.Current;

    /// <summary>Reads the next chunk; false when there is none.</summary>
    /// <exception cref="ModelException">The run was refused, failed or was abandoned.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await _chunks.MoveNextAsync())
        {
            return false;
        }

        return Current.FinishReason switch
        {
            FinishReason.Error => throw new ModelException(ModelErrorCode.RunnerStopped),
            FinishReason.Canceled => throw new ModelException(ModelErrorCode.Canceled),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _chunks.DisposeAsync();
}
