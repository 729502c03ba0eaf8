using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Streaming;

/// <summary>Writes answers that are complete before they are sent: with their length, without body for HEAD.</summary>
internal static class JsonReply
{
    /// <summary>Sends a JSON value.</summary>
    public static Task WriteAsync<T>(
        HttpContext context,
        int status,
        string contentType,
        T value,
        JsonTypeInfo<T> typeInfo,
        CancellationToken cancellationToken,
        bool isLine = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            JsonSerializer.Serialize(writer, value, typeInfo);
        }

        if (isLine)
        {
            buffer.Write("\n"u8);
        }

        return WriteBytesAsync(context, status, contentType, buffer.WrittenMemory, cancellationToken);
    }

    /// <summary>Sends a text.</summary>
    public static Task WriteTextAsync(
        HttpContext context, int status, string contentType, string text, CancellationToken cancellationToken) =>
        WriteBytesAsync(context, status, contentType, Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Sends bytes.</summary>
    public static async Task WriteBytesAsync(
        HttpContext context,
        int status,
        string contentType,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, cancellationToken);
        }
    }
}
