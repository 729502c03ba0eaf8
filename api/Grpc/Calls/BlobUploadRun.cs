using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>One upload: from its header to the blob, or to what is kept of it for the next one.</summary>
/// <param name="uploads">The store's sessions.</param>
/// <param name="partial">Uploads that broke off.</param>
/// <param name="digest">What is announced.</param>
/// <param name="header">The header.</param>
internal sealed class BlobUploadRun(
    IBlobUploads uploads, PartialUploads partial, Digest digest, Wire.UploadHeader header)
{
    private const int ChunkBytesMax = 1024 * 1024;

    private bool _ended;

    /// <summary>Reads the chunks and stores the blob.</summary>
    /// <param name="chunks">The stream behind its header.</param>
    /// <param name="aborted">Ends when the client leaves.</param>
    /// <param name="stopping">Ends when the server stops.</param>
    public async Task RunAsync(
        IAsyncStreamReader<Wire.UploadBlobRequest> chunks, CancellationToken aborted, CancellationToken stopping)
    {
        var id = await OpenAsync(aborted);
        try
        {
            await ReceiveAsync(id, chunks, aborted, stopping);
            _ended = true;
            if (!await uploads.CommitAsync(id, digest, CancellationToken.None))
            {
                throw Lost();
            }
        }
        catch (BlobStorageException)
        {
            // The store has dropped what there was.
            _ended = true;
            throw;
        }
        finally
        {
            if (!_ended)
            {
                await partial.KeepAsync(digest, id);
            }
        }
    }

    private async Task<string> OpenAsync(CancellationToken aborted)
    {
        if (header.Offset == 0)
        {
            return await uploads.BeginAsync(aborted) ?? throw new GrpcException(
                GrpcErrorCode.TooManyUploads, "too many uploads are open");
        }

        var id = partial.Take(digest);
        var received = id is null ? null : await uploads.FindAsync(id, CancellationToken.None);
        if (received == header.Offset)
        {
            return id!;
        }

        if (received is not null)
        {
            await partial.KeepAsync(digest, id!);
        }

        throw new GrpcException(
            GrpcErrorCode.OffsetMismatch,
            $"offset is {header.Offset}, but {received ?? 0} bytes of {digest} were received");
    }

    private async Task ReceiveAsync(
        string id, IAsyncStreamReader<Wire.UploadBlobRequest> chunks, CancellationToken aborted,
        CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        var received = header.Offset;
        while (received < header.SizeBytes)
        {
            if (!await MoveNextAsync(chunks, ends.Token, stopping))
            {
                throw GoJsonErrors.Refuse($"the stream ended after {received} of {header.SizeBytes} bytes");
            }

            var chunk = Check(chunks.Current, received);
            using var content = Open(chunk);
            var position = await uploads.AppendAsync(id, received, content, aborted) ?? throw Lost();
            received = position.ReceivedBytes;
        }

        if (await MoveNextAsync(chunks, ends.Token, stopping))
        {
            throw GoJsonErrors.Refuse($"the content is longer than {header.SizeBytes} bytes");
        }
    }

    private static async Task<bool> MoveNextAsync(
        IAsyncStreamReader<Wire.UploadBlobRequest> chunks, CancellationToken ends, CancellationToken stopping)
    {
        try
        {
            return await chunks.MoveNext(ends);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
    }

    private ByteString Check(Wire.UploadBlobRequest message, long received)
    {
        if (message.KindCase != Wire.UploadBlobRequest.KindOneofCase.Chunk)
        {
            throw GoJsonErrors.Refuse("all messages behind the header must be chunks");
        }

        if (message.Chunk.Length is 0 or > ChunkBytesMax)
        {
            throw GoJsonErrors.Refuse($"a chunk must have 1 to {ChunkBytesMax} bytes");
        }

        return received + message.Chunk.Length <= header.SizeBytes
            ? message.Chunk
            : throw GoJsonErrors.Refuse($"the content is longer than {header.SizeBytes} bytes");
    }

    private static MemoryStream Open(ByteString chunk) =>
        MemoryMarshal.TryGetArray(chunk.Memory, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(chunk.ToByteArray(), writable: false);

    private GrpcException Lost()
    {
        _ended = true;
        return new GrpcException(GrpcErrorCode.OffsetMismatch, $"the upload of {digest} was given up; begin anew");
    }
}
