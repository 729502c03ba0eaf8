using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ollama.Platform.Api.Errors;

namespace Ollama.Platform.Api.Streaming;

/// <summary>Reads whole request bodies up to a limit.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 4096;

    /// <summary>The bytes of the body. The limit is ours alone: the server's own is lifted for this request.</summary>
    /// <exception cref="ApiException">The body is too long, or ends before it should.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, long bytesMax, CancellationToken cancellationToken)
    {
        LiftLimit(context);
        var announced = context.Request.ContentLength ?? 0;
        if (announced > bytesMax)
        {
            throw new ApiException(ApiErrorCode.BodyTooLarge);
        }

        try
        {
            return await ReadToEndAsync(context.Request.Body, announced, bytesMax, cancellationToken);
        }
        catch (IOException)
        {
            // The connection was cut, or the client was slower than the server waits.
            throw new ApiException(ApiErrorCode.BodyIncomplete);
        }
    }

    /// <summary>From here on the server's own limit does not count for this request.</summary>
    public static void LiftLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private static async Task<byte[]> ReadToEndAsync(
        Stream body, long announced, long bytesMax, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is seen without growing. What is announced is not trusted
        // with memory: a buffer beyond a mebibyte grows only as bytes arrive.
        var buffer = new byte[Math.Clamp(announced + 1, FirstBytes, 1024 * 1024)];
        var length = 0;
        while (await body.ReadAsync(buffer.AsMemory(length), cancellationToken) is var count and > 0)
        {
            length += count;
            if (length > bytesMax)
            {
                throw new ApiException(ApiErrorCode.BodyTooLarge);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Array.MaxLength));
            }
        }

        Array.Resize(ref buffer, length);
        return buffer;
    }
}
