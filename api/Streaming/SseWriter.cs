using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Streaming;

/// <summary>
/// Writes a stream of server-sent events, each with one JSON value. What belongs together is flushed together. Runs on
/// the request's task; a slow client holds up its own stream and nothing else.
/// </summary>
internal sealed class SseWriter : IDisposable
{
    private readonly PipeWriter _body;
    private readonly Utf8JsonWriter _json;

    private SseWriter(PipeWriter body)
    {
        _body = body;
        _json = WireWriter.Create(body);
    }

    /// <summary>Settles the headers; nothing is sent before the first flush.</summary>
    public static SseWriter Start(HttpResponse response)
    {
        StreamHeaders.Set(response, MediaTypes.Events);
        response.Headers.CacheControl = "no-cache";
        return new SseWriter(response.BodyWriter);
    }

    /// <summary>Writes one event that has a name.</summary>
    public void Write<T>(string name, T value, JsonTypeInfo<T> typeInfo) =>
        SseEvent.Write(_body, _json, name, value, typeInfo);

    /// <summary>Writes one event.</summary>
    public void Write<T>(T value, JsonTypeInfo<T> typeInfo) => SseEvent.Write(_body, _json, value, typeInfo);

    /// <summary>Writes events that are bytes already.</summary>
    public void Write(ReadOnlySpan<byte> events) => _body.Write(events);

    /// <summary>Writes a line that every client skips.</summary>
    public void WriteHeartbeat() => _body.Write(": heartbeat\n\n"u8);

    /// <summary>Writes the event that ends OpenAI's streams.</summary>
    public void WriteDone() => _body.Write("data: [DONE]\n\n"u8);

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await _body.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
