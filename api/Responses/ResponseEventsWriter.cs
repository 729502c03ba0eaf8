using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>Writes a response as its events. Runs on the request's task.</summary>
internal sealed class ResponseEventsWriter : IEventWriter
{
    private readonly SseWriter _events;
    private readonly ResponseRecording _recording;

    /// <summary>Settles the headers and prepares the events in front of the first item.</summary>
    /// <param name="target">Where the events go.</param>
    /// <param name="response">The response before anything was produced.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stored">Where it is kept; null when it is not.</param>
    public ResponseEventsWriter(
        HttpResponse target, ResponseWire response, TimeProvider time, StoredResponse? stored)
    {
        _events = SseWriter.Start(target);
        _recording = new ResponseRecording(response, time, stored, _events);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(GenerationChunk chunk, CancellationToken cancellationToken)
    {
        _recording.Add(chunk);
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask BeatAsync(CancellationToken cancellationToken)
    {
        _events.WriteHeartbeat();
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The run broke off without a last chunk.</exception>
    public ValueTask EndAsync(CancellationToken cancellationToken) => _recording.HasEnded
        ? ValueTask.CompletedTask
        : throw new ModelException(ModelErrorCode.RunnerStopped);

    /// <inheritdoc/>
    public ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken)
    {
        _recording.Fail(reply);
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_recording.HasEnded)
        {
            // The client left: for whoever asks later, this is how it ended.
            _recording.StopListening();
            _recording.Fail(ErrorTable.Canceled);
        }

        _recording.Dispose();
        _events.Dispose();
    }
}
