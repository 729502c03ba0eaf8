using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// Sends one request again and again at a steady rate, whether or not earlier ones are answered, each on a connection
/// that is free, and notes how long each answer took from then on. One thread over bare sockets: server and client
/// share the processor, and what the client takes is missing there.
/// </summary>
internal sealed class SteadyClient : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;

    // No answer takes so long; a server that has died would hold the run for ever.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private readonly IPEndPoint _address;
    private readonly byte[] _request;
    private readonly Stack<Connection> _free = [];
    private readonly List<Connection> _busy = [];

    /// <summary>A client of one address.</summary>
    public SteadyClient(Uri address, string path, byte[] body)
    {
        _address = new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n");
        _request = [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>Sends so many requests and returns how long the answers took, in milliseconds.</summary>
    public double[] Run(int count, int requestsPerSecond)
    {
        var times = new List<double>(count);
        var (sent, clock) = (0, Stopwatch.StartNew());
        var lastAnswer = TimeSpan.Zero;
        while (times.Count < count)
        {
            for (; sent < count && sent <= clock.Elapsed.TotalSeconds * requestsPerSecond; sent++)
            {
                Send(clock);
            }

            foreach (var connection in Answered())
            {
                times.Add((clock.Elapsed - connection.SentAt).TotalMilliseconds);
                lastAnswer = clock.Elapsed;
            }

            if (clock.Elapsed - lastAnswer > SilenceMax)
            {
                throw new TimeoutException($"{_busy.Count} requests are not answered.");
            }
        }

        return [.. times];
    }

    public void Dispose()
    {
        foreach (var connection in _busy.Concat(_free))
        {
            connection.Socket.Dispose();
        }
    }

    private void Send(Stopwatch clock)
    {
        if (!_free.TryPop(out var connection))
        {
            connection = new Connection(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            connection.Socket.Connect(_address);
        }

        connection.Length = 0;
        connection.SentAt = clock.Elapsed;
        connection.Socket.Send(_request);
        _busy.Add(connection);
    }

    private IEnumerable<Connection> Answered()
    {
        if (_busy.Count == 0)
        {
            yield break;
        }

        var readable = _busy.ConvertAll(connection => connection.Socket);
        Socket.Select(readable, null, null, TimeSpan.FromMilliseconds(1));
        foreach (var socket in readable)
        {
            var at = _busy.FindIndex(connection => connection.Socket == socket);
            var connection = _busy[at];
            if (connection.TryRead())
            {
                _busy.RemoveAt(at);
                _free.Push(connection);
                yield return connection;
            }
        }
    }

    private sealed class Connection(Socket socket)
    {
        private readonly byte[] _answer = new byte[AnswerBytesMax];

        public Socket Socket { get; } = socket;

        public TimeSpan SentAt { get; set; }

        public int Length { get; set; }

        /// <summary>Reads what is there; true once the answer is whole.</summary>
        public bool TryRead()
        {
            var count = Socket.Receive(_answer.AsSpan(Length));
            Length += count;
            var answer = _answer.AsSpan(0, Length);
            return count > 0 && answer.StartsWith("HTTP/1.1 200"u8)
                ? IsWhole(answer)
                : throw new InvalidOperationException($"The server answered: {Encoding.UTF8.GetString(answer)}");
        }

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var length = "Content-Length: "u8;
            var head = answer.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? answer[..(end + 4)] : [];
            return head.IndexOf(length) is >= 0 and var at
                && Utf8Parser.TryParse(head[(at + length.Length)..], out int bodyLength, out _)
                && answer.Length >= head.Length + bodyLength;
        }
    }
}
