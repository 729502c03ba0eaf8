using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>
/// A registry of one model that lies in memory, with ranges: the cheapest sender there is, so that what is measured is
/// who receives. All connections share one link.
/// </summary>
internal sealed partial class BlobSource : IAsyncDisposable
{
    private const int HeadBytesMax = 16 * 1024;
    private const int PieceBytes = 256 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _manifest;
    private readonly IReadOnlyDictionary<string, byte[]> _blobs;
    private readonly Link _link;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    /// <summary>Begins to serve.</summary>
    /// <param name="manifest">The manifest, under any name.</param>
    /// <param name="blobs">The blobs by their digests.</param>
    /// <param name="link">The line that they go out by.</param>
    public BlobSource(byte[] manifest, IReadOnlyDictionary<string, byte[]> blobs, Link link)
    {
        (_manifest, _blobs, _link) = (manifest, blobs, link);
        _listener.Start();
        _serving = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    public async ValueTask DisposeAsync()
    {
        // Not disposed of: who is still served looks at its token.
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync();
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var owned = client;
        var buffer = new byte[HeadBytesMax];
        try
        {
            for (var filled = 0; ;)
            {
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (end < 0)
                {
                    var count = await client.ReceiveAsync(buffer.AsMemory(filled));
                    if (count == 0)
                    {
                        return;
                    }

                    filled += count;
                    continue;
                }

                await AnswerAsync(client, Encoding.ASCII.GetString(buffer, 0, end));
                buffer.AsSpan((end + 4)..filled).CopyTo(buffer);
                filled -= end + 4;
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Whoever asked has gone, or nobody is served any more.
        }
    }

    private async Task AnswerAsync(Socket client, string head)
    {
        var digest = Digest().Match(head).Value;
        var content = digest.Length > 0 ? _blobs[digest] : _manifest;
        var range = Range().Match(head);
        var (first, last) = range.Success
            ? (Number(range.Groups[1].Value), Number(range.Groups[2].Value))
            : (0, content.Length - 1);
        var status = range.Success
            ? $"206 Partial Content\r\nContent-Range: bytes {first}-{last}/{content.Length}"
            : "200 OK";
        await SendAsync(client, Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Length: {last + 1 - first}\r\n\r\n"));
        for (var sent = first; sent <= last; sent += PieceBytes)
        {
            var piece = content.AsMemory(sent, Math.Min(PieceBytes, last + 1 - sent));
            await _link.TakeAsync(piece.Length, _stopping.Token);
            await SendAsync(client, piece);
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await client.SendAsync(bytes)..];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex("\r\nRange: bytes=([0-9]+)-([0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Range();
}
