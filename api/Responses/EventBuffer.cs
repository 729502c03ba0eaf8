using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Responses;

/// <summary>Writes events as they are sent, one at a time. Used by one task.</summary>
internal sealed class EventBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _event = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Begins empty.</summary>
    public EventBuffer() => _json = WireWriter.Create(_event);

    /// <summary>An event, until the next one.</summary>
    public ReadOnlySpan<byte> Write<T>(string name, T what, JsonTypeInfo<T> typeInfo)
    {
        _event.ResetWrittenCount();
        SseEvent.Write(_event, _json, name, what, typeInfo);
        return _event.WrittenSpan;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
