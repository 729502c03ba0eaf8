using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary>
/// Answers of status routes, which dashboards ask for every few seconds: not sent again while nothing has happened, and
/// compressed where that helps.
/// </summary>
internal static class StatusReply
{
    private const int CompressedBytesMin = 257;

    /// <summary>Answers with a state, or with 304.</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">The state.</param>
    /// <param name="lasting">The same without what passing time alone changes.</param>
    /// <param name="typeInfo">How it is written.</param>
    public static async Task WriteAsync<T>(ApiRequest request, T state, T lasting, JsonTypeInfo<T> typeInfo)
    {
        var response = request.Context.Response;
        var tag = StatusTag.Weak(Serialize(lasting, typeInfo).Span);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (EntityTags.IsKnown(request.Context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = Serialize(state, typeInfo);
        if (body.Length >= CompressedBytesMin && TakesGzip(request.Context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            body = await CompressAsync(body, request.Aborted);
        }

        await JsonReply.WriteBytesAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.V1Json, body, request.Aborted);
    }

    private static ReadOnlyMemory<byte> Serialize<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            JsonSerializer.Serialize(writer, value, typeInfo);
        }

        return buffer.WrittenMemory;
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(encoding =>
            encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is null or > 0);

    private static async Task<ReadOnlyMemory<byte>> CompressAsync(
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(body, cancellationToken);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }
}
