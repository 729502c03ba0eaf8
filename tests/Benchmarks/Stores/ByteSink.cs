using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>
/// Takes uploads and writes them to a file, and nothing else: what the link and the disk allow. One at a time.
/// </summary>
internal sealed class ByteSink : IAsyncDisposable
{
    private const int BufferBytes = 1024 * 1024;

    private static readonly byte[] Created =
        [.. "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _path;
    private readonly Task _serving;

    public ByteSink(string path)
    {
        _path = path;
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(_path);
    }

    private async Task ServeAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        while (true)
        {
            using var client = await _listener.AcceptSocketAsync();
            var (filled, head) = (0, -1);
            while (head < 0)
            {
                filled += await client.ReceiveAsync(buffer.AsMemory(filled));
                head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            }

            using var file = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
            var missing = LengthOf(Encoding.ASCII.GetString(buffer, 0, head));
            var (start, count, written) = (head + 4, filled - head - 4, 0L);
            while (true)
            {
                RandomAccess.Write(file, buffer.AsSpan(start, count), written);
                written += count;
                if (written >= missing)
                {
                    break;
                }

                (start, count) = (0, await client.ReceiveAsync(buffer));
            }

            await client.SendAsync(Created);
        }
    }

    private static long LengthOf(string head)
    {
        const string Field = "content-length:";
        var line = head.Split("\r\n").Single(line => line.StartsWith(Field, StringComparison.OrdinalIgnoreCase));
        return long.Parse(line[Field.Length..].Trim(), CultureInfo.InvariantCulture);
    }
}
