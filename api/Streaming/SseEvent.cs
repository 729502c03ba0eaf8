using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ollama.Platform.Api.Streaming;

/// <summary>The form of a server-sent event that holds one JSON value.</summary>
internal static class SseEvent
{
    /// <summary>Writes an event that has a name.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="json">Writes there, too; it is as new before and after.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">How it is written.</param>
    public static void Write<T>(
        IBufferWriter<byte> target, Utf8JsonWriter json, string name, T value, JsonTypeInfo<T> typeInfo)
    {
        target.Write("event: "u8);
        Encoding.UTF8.GetBytes(name, target);
        target.Write("\n"u8);
        Write(target, json, value, typeInfo);
    }

    /// <summary>Writes an event without a name.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="json">Writes there, too; it is as new before and after.</param>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">How it is written.</param>
    public static void Write<T>(
        IBufferWriter<byte> target, Utf8JsonWriter json, T value, JsonTypeInfo<T> typeInfo)
    {
        target.Write("data: "u8);
        JsonSerializer.Serialize(json, value, typeInfo);
        json.Reset();
        target.Write("\n\n"u8);
    }
}
