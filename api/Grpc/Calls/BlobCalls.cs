using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.v1.BlobService</c>.</summary>
internal sealed class BlobCalls(
    IBlobs blobs, IBlobUploads uploads, PartialUploads partial, IHostApplicationLifetime host)
    : Wire.BlobService.BlobServiceBase
{
    private const int ChunkBytes = 256 * 1024;

    /// <inheritdoc/>
    public override async Task<Wire.StatBlobResponse> StatBlob(Wire.StatBlobRequest request, ServerCallContext context)
    {
        var digest = Parse(request.Digest);
        var aborted = GrpcCall.Of(context).Aborted;
        return await blobs.StatAsync(digest, aborted) is { } size
            ? new Wire.StatBlobResponse { Exists = true, SizeBytes = size }
            : new Wire.StatBlobResponse { ReceivedBytes = await partial.FindAsync(digest, aborted) };
    }

    /// <inheritdoc/>
    public override async Task<Wire.UploadBlobResponse> UploadBlob(
        IAsyncStreamReader<Wire.UploadBlobRequest> requestStream, ServerCallContext context)
    {
        var aborted = GrpcCall.Of(context).Aborted;
        if (!await requestStream.MoveNext(aborted) || requestStream.Current.Header is not { } header)
        {
            throw GoJsonErrors.Refuse("the first message of the stream must be its header");
        }

        var digest = Parse(header.Digest);
        if (header.SizeBytes < 0 || header.Offset < 0 || header.Offset > header.SizeBytes)
        {
            throw GoJsonErrors.Refuse("size_bytes must not be negative, and offset must be from 0 to size_bytes");
        }

        // Whoever sends what is here already need not send it to the end.
        if (await blobs.StatAsync(digest, aborted) is { } size)
        {
            return new Wire.UploadBlobResponse { Created = false, SizeBytes = size };
        }

        await new BlobUploadRun(uploads, partial, digest, header)
            .RunAsync(requestStream, aborted, host.ApplicationStopping);
        return new Wire.UploadBlobResponse { Created = true, SizeBytes = header.SizeBytes };
    }

    /// <inheritdoc/>
    public override async Task DownloadBlob(
        Wire.DownloadBlobRequest request, IServerStreamWriter<Wire.BlobChunk> responseStream, ServerCallContext context)
    {
        var digest = Parse(request.Digest);
        if (request.Offset < 0 || (request.HasLength && request.Length < 0))
        {
            throw GoJsonErrors.Refuse("offset and length must not be negative");
        }

        var aborted = GrpcCall.Of(context).Aborted;
        await using var content = await blobs.OpenReadAsync(digest, aborted) ?? throw new GrpcException(
            GrpcErrorCode.BlobNotFound, $"blob {digest} does not exist");
        if (request.Offset > content.Length)
        {
            throw new GrpcException(
                GrpcErrorCode.RangeInvalid, $"offset is {request.Offset}, but {digest} has {content.Length} bytes");
        }

        content.Position = request.Offset;
        var rest = content.Length - request.Offset;
        await SendAsync(
            content, request.HasLength ? Math.Min(rest, request.Length) : rest, responseStream, aborted);
    }

    private static async Task SendAsync(
        Stream content, long rest, IServerStreamWriter<Wire.BlobChunk> stream, CancellationToken aborted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var first = true;
            while (first || rest > 0)
            {
                var offset = content.Position;
                var count = await content.ReadAtLeastAsync(
                    buffer.AsMemory(0, (int)Math.Min(ChunkBytes, rest)), (int)Math.Min(ChunkBytes, rest),
                    throwOnEndOfStream: true, aborted);
                rest -= count;

                // The message is written out before the call returns, so that the buffer can be used again.
                var chunk = new Wire.BlobChunk
                {
                    Offset = offset,
                    Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)),
                };
                if (first)
                {
                    chunk.SizeBytes = content.Length;
                }

                first = false;
                await stream.WriteAsync(chunk, aborted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Digest Parse(string text) =>
        Digest.TryParse(text, out var digest) ? digest : throw GoJsonErrors.Refuse("invalid digest format");
}
