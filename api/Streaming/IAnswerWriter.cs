using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Streaming;

/// <summary>How a dialect writes an answer that is streamed. Runs on the request's task.</summary>
internal interface IAnswerWriter : IDisposable
{
    /// <summary>Writes what a chunk brings and flushes it.</summary>
    ValueTask WriteAsync(GenerationChunk chunk, CancellationToken cancellationToken);

    /// <summary>Writes what follows the last chunk.</summary>
    ValueTask EndAsync(CancellationToken cancellationToken);

    /// <summary>Writes that the run failed after its first chunk, when no status can say so any more.</summary>
    ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken);
}
