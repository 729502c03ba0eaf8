using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Wire;

/// <summary>
/// How the records of <c>contracts/Cluster</c> cross silos: a version byte, then JSON. Silos of two versions live in
/// one cluster during an upgrade; fields may be added within a version, never change their meaning.
/// </summary>
internal static class ClusterEncoding
{
    /// <summary>The version written.</summary>
    public const byte Version = 1;

    /// <summary>Bytes of one message at most; a request's images are the largest part of any.</summary>
    public const int MessageBytesMax = 256 * 1024 * 1024;

    /// <summary>Encodes a record.</summary>
    /// <exception cref="ModelException">The record is too large to cross.</exception>
    public static byte[] Encode<T>(T record, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        buffer.WriteByte(Version);
        JsonSerializer.Serialize(buffer, record, type);
        return buffer.Length <= MessageBytesMax
            ? buffer.ToArray()
            : throw new ModelException(
                ModelErrorCode.RequestInvalid, null, $"a message between silos has at most {MessageBytesMax} bytes");
    }

    /// <summary>Decodes a record.</summary>
    /// <exception cref="ModelException">The bytes are of another version, damaged or too many.</exception>
    public static T Decode<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
    {
        if (bytes.Length is 0 or > MessageBytesMax || bytes[0] != Version)
        {
            throw Refuse(bytes.IsEmpty ? "is empty" : $"has version {bytes[0]} and {bytes.Length} bytes");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes[1..], type) ?? throw Refuse("holds nothing");
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw Refuse($"does not decode: {exception.Message}");
        }
    }

    private static ModelException Refuse(string what) =>
        new(ModelErrorCode.Unsupported, null, $"a message of another silo {what}");
}
