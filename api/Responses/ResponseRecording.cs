using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>A response while it is made: its events go to whoever keeps it and to whoever listens. One task.</summary>
internal sealed class ResponseRecording : IDisposable
{
    private readonly ResponseComposer _composer;
    private readonly StoredResponse? _stored;
    private readonly EventBuffer _buffer = new();
    private SseWriter? _listener;

    /// <summary>Begins with a response of which nothing was produced yet.</summary>
    /// <param name="response">The response.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stored">Where it is kept; null when it is not.</param>
    /// <param name="listener">Gets each event as it is sent; null when nobody listens.</param>
    public ResponseRecording(
        ResponseWire response, TimeProvider time, StoredResponse? stored, SseWriter? listener)
    {
        (_stored, _listener) = (stored, listener);
        _composer = new ResponseComposer(response, time, Emit, ResponseIds.Item);
        _composer.Announce();
    }

    /// <summary>The response as it is now.</summary>
    public ResponseWire Response => _composer.Response;

    /// <summary>Nothing more will come.</summary>
    public bool HasEnded => ResponseStatus.IsFinal(Response.Status);

    /// <summary>Adds what a chunk brings.</summary>
    public void Add(GenerationChunk chunk)
    {
        _composer.Add(chunk);
        Keep();
    }

    /// <summary>
    /// Ends with a failure; one that was asked for is none. What has ended already, was complete before it failed.
    /// </summary>
    public void Fail(ErrorReply reply)
    {
        if (HasEnded)
        {
            return;
        }

        if (reply.Status != ErrorTable.ClientClosedRequest)
        {
            _composer.Fail(reply);
        }
        else
        {
            var error = OpenAiReplies.ToBody(reply).Error;
            Emit("error", new ErrorEvent
            {
                SequenceNumber = _composer.Cancel(),
                Code = ResponseStatus.Cancelled,
                Message = reply.Message,
                Error = error,
            }, ResponsesJson.Default.ErrorEvent);
        }

        Keep();
    }

    /// <summary>The listener has gone.</summary>
    public void StopListening() => _listener = null;

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Keep()
    {
        if (_stored is null)
        {
            return;
        }

        _stored.Response = Response;
        if (HasEnded)
        {
            _stored.Events.End();
        }
    }

    private void Emit(ResponseEvent what) => Emit(what.Type, what, ResponsesJson.Default.ResponseEvent);

    private void Emit<T>(string name, T what, JsonTypeInfo<T> typeInfo)
    {
        if (_stored is null)
        {
            _listener?.Write(name, what, typeInfo);
            return;
        }

        var bytes = _buffer.Write(name, what, typeInfo);
        _listener?.Write(bytes);
        _stored.Events.Append(bytes.ToArray());
    }
}
