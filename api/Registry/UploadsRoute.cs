using System.Globalization;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Blobs;

namespace Ollama.Platform.Api.Registry;

/// <summary>Blobs on their way in: at once, in pieces, or taken from another repository.</summary>
internal sealed class UploadsRoute(IBlobs blobs, IBlobUploads uploads)
{
    private const string RedirectHeader = "X-Redirect-Uploads";

    /// <summary>POST: begins an upload, unless the blob is here or comes with the request.</summary>
    public async Task BeginAsync(RegistryRequest request)
    {
        // Blobs belong to the whole store, so that one of any repository can be had by naming it.
        var wanted = request.Query("mount") is { } mount && request.Query("digest") is null ? mount : null;
        if ((wanted ?? request.Query("digest")) is { } text)
        {
            var digest = RegistryRequest.ParseDigest(text);
            if (await blobs.HasAsync(digest, request.Aborted))
            {
                ReplyStored(request, digest);
                return;
            }

            if (wanted is null && HasBody(request))
            {
                await blobs.WriteAsync(digest, request.Context.Request.Body, request.Aborted);
                ReplyStored(request, digest);
                return;
            }
        }

        var id = await uploads.BeginAsync(request.Aborted)
            ?? throw new RegistryException(RegistryErrorCode.TooManyRequests, "too many uploads are open");
        ReplyPosition(request, id, 0, StatusCodes.Status202Accepted);
    }

    /// <summary>GET: where an upload stands.</summary>
    public async Task StatusAsync(RegistryRequest request)
    {
        var id = request.Path.Reference;
        var received = await uploads.FindAsync(id, request.Aborted) ?? throw Unknown(request);
        ReplyPosition(request, id, received, StatusCodes.Status204NoContent);
    }

    /// <summary>PATCH: takes a piece.</summary>
    public async Task AppendAsync(RegistryRequest request)
    {
        var position = await AppendBodyAsync(request);
        ReplyPosition(request, request.Path.Reference, position.ReceivedBytes, StatusCodes.Status202Accepted);
    }

    /// <summary>PUT: takes the last piece, if there is one, verifies and stores.</summary>
    public async Task CommitAsync(RegistryRequest request)
    {
        var digest = RegistryRequest.ParseDigest(request.Query("digest"));
        if (HasBody(request))
        {
            await AppendBodyAsync(request);
        }

        if (!await uploads.CommitAsync(request.Path.Reference, digest, request.Aborted))
        {
            throw Unknown(request);
        }

        ReplyStored(request, digest);
    }

    /// <summary>DELETE: gives an upload up.</summary>
    public async Task CancelAsync(RegistryRequest request)
    {
        if (!await uploads.CancelAsync(request.Path.Reference, request.Aborted))
        {
            throw Unknown(request);
        }

        request.Reply(StatusCodes.Status204NoContent);
    }

    private async Task<UploadPosition> AppendBodyAsync(RegistryRequest request)
    {
        var (id, body) = (request.Path.Reference, request.Context.Request.Body);
        var position = await uploads.AppendAsync(id, Offset(request), body, request.Aborted) ?? throw Unknown(request);
        if (!position.IsAccepted)
        {
            SetPosition(request, id, position.ReceivedBytes);
            throw new RegistryException(
                RegistryErrorCode.BlobUploadInvalid, $"the upload stands at {position.ReceivedBytes} bytes");
        }

        return position;
    }

    /// <summary>
    /// Where a piece begins, by its <c>Content-Range</c>, which must be as long as the piece; null without the header.
    /// </summary>
    private static long? Offset(RegistryRequest request)
    {
        var header = request.Context.Request.Headers.ContentRange.ToString();
        if (header.Length == 0)
        {
            return null;
        }

        if (!TryReadRange(header, out var first, out var last))
        {
            throw new RegistryException(RegistryErrorCode.BlobUploadInvalid, "the Content-Range cannot be read");
        }

        return request.Context.Request.ContentLength is { } length && length != last - first + 1
            ? throw new RegistryException(
                RegistryErrorCode.BodyIncomplete, $"the Content-Range says {last - first + 1} bytes, not {length}")
            : first;
    }

    /// <summary>Reads <c>first-last</c>, with or without its unit and the length of the whole.</summary>
    private static bool TryReadRange(string header, out long first, out long last)
    {
        (first, last) = (0, 0);
        var range = header.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase) ? header[6..] : header;
        var ends = range.Split('/')[0].Split('-');
        return ends.Length == 2
            && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && last >= first;
    }

    /// <summary>A sender that hopes to be redirected sends its first piece later.</summary>
    private static bool HasBody(RegistryRequest request)
    {
        var http = request.Context.Request;
        return !http.Headers.ContainsKey(RedirectHeader)
            && (http.ContentLength > 0 || http.Headers.TransferEncoding.Count > 0);
    }

    private static RegistryException Unknown(RegistryRequest request) =>
        new(RegistryErrorCode.BlobUploadUnknown, request.Path.Reference);

    private static void ReplyStored(RegistryRequest request, Contracts.Library.Digest digest) =>
        request.Reply(StatusCodes.Status201Created, request.AbsoluteAddress($"blobs/{digest}"), digest);

    private static void ReplyPosition(RegistryRequest request, string id, long receivedBytes, int status)
    {
        SetPosition(request, id, receivedBytes);
        request.Reply(status);
    }

    private static void SetPosition(RegistryRequest request, string id, long receivedBytes)
    {
        var headers = request.Context.Response.Headers;
        headers.Location = request.AbsoluteAddress($"blobs/uploads/{id}");
        headers["Docker-Upload-UUID"] = id;

        // The last byte's index, as the protocol has it; an empty upload says 0 as well.
        headers["Range"] = $"0-{Math.Max(0, receivedBytes - 1)}";
    }
}
