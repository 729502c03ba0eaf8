using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>
/// Writes an answer as server-sent events. Only an answer that came to its end is followed by <c>[DONE]</c>; a failure
/// is an event with the error.
/// </summary>
/// <param name="response">Where it goes.</param>
/// <param name="toEvents">What a chunk says.</param>
/// <param name="typeInfo">How that is written.</param>
/// <param name="endsAtOnce">The first chunk is the last one, too: it is sent with the end.</param>
internal sealed class EventsWriter<T>(
    HttpResponse response, Func<GenerationChunk, IEnumerable<T>> toEvents, JsonTypeInfo<T> typeInfo,
    bool endsAtOnce = false) : IEventWriter
{
    private readonly SseWriter _events = SseWriter.Start(response);
    private bool _finished;

    /// <inheritdoc/>
    public ValueTask WriteAsync(GenerationChunk chunk, CancellationToken cancellationToken)
    {
        foreach (var value in toEvents(chunk))
        {
            _events.Write(value, typeInfo);
        }

        _finished = chunk.FinishReason is not null;
        return endsAtOnce ? ValueTask.CompletedTask : _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask BeatAsync(CancellationToken cancellationToken)
    {
        _events.WriteHeartbeat();
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The run broke off without a last chunk.</exception>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!_finished)
        {
            throw new ModelException(ModelErrorCode.RunnerStopped);
        }

        _events.WriteDone();
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken)
    {
        _events.Write(OpenAiReplies.ToBody(reply), OpenAiJson.Default.ErrorBody);
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _events.Dispose();
}
