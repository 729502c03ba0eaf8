using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Ollama.Platform.Host.Cli.Client;

/// <summary>The bytes of a file as the body of a request, which says how far it is.</summary>
/// <param name="file">The file; whoever opened it closes it.</param>
/// <param name="length">Its length, which it keeps meanwhile.</param>
internal sealed class FileContent(SafeFileHandle file, long length) : HttpContent
{
    private const int BufferBytes = 256 * 1024;

    private long _sentBytes;

    /// <summary>Bytes that were handed to the connection.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];

        // A connection that broke before it was used may make the client begin again.
        for (long sent = 0; sent < length;)
        {
            Volatile.Write(ref _sentBytes, sent);
            var count = await RandomAccess.ReadAsync(file, buffer, sent, cancellationToken);
            if (count == 0)
            {
                throw new IOException("The file became shorter while it was read.");
            }

            count = (int)Math.Min(count, length - sent);
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            sent += count;
        }

        Volatile.Write(ref _sentBytes, length);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
