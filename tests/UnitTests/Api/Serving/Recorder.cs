using System.Text;
using System.Text.RegularExpressions;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>Plays a request against a server and writes the answer down, one block for each flush.</summary>
internal static partial class Recorder
{
    private static readonly string[] HeadersThatMatter =
    [
        "Content-Type", "Location", "Allow", "Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers", "Access-Control-Max-Age", "Docker-Distribution-Api-Version",
        "Docker-Content-Digest", "Docker-Upload-UUID", "Range", "Content-Range", "Link", "X-Accel-Buffering",
        "X-Olla-Request-ID", "X-Olla-Endpoint", "X-Olla-Model", "X-Olla-Backend-Type", "X-Olla-Response-Time",
        "X-Olla-Routing-Strategy", "X-Olla-Routing-Decision", "X-Olla-Routing-Reason", "X-Olla-Mode",
        "X-Olla-Session-ID", "X-Served-By", "Via", "Server-Timing", "Access-Control-Expose-Headers",
    ];

    /// <summary>The answer as a transcript has it. A line feed that was sent is shown as ⏎.</summary>
    public static async Task<string> PlayAsync(
        ApiServer server, Exchange exchange, CancellationToken cancellationToken)
    {
        server.Models.Gate = new FlushGate();
        if (exchange.Body.Contains("\"stream\":false", StringComparison.OrdinalIgnoreCase))
        {
            server.Models.Gate.Open();
        }

        using var request = ToRequest(exchange);
        using var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var text = new StringBuilder($"<<< {(int)response.StatusCode}");
        foreach (var name in HeadersThatMatter)
        {
            if (response.Headers.TryGetValues(name, out var values)
                || response.Content.Headers.TryGetValues(name, out values))
            {
                var shown = Id().Replace(Milliseconds().Replace(string.Join(", ", values), "{n}"), "{id}");
                text.Append($"\n<<< {name.ToLowerInvariant()}: {shown}");
            }
        }

        var blocks = await ReadBlocksAsync(response, server.Models.Gate, cancellationToken);
        var length = blocks.Sum(block => (long)block.Length);
        if (response.Content.Headers.ContentLength is { } announced && request.Method != HttpMethod.Head)
        {
            Assert.Equal(announced, length);
        }

        if (blocks.Count > 0)
        {
            text.Append('\n').Append(string.Join("\n---\n", blocks.Select(Show)));
        }

        return text.ToString();
    }

    private static HttpRequestMessage ToRequest(Exchange exchange)
    {
        var line = exchange.RequestHead[0].Split(' ');
        var request = new HttpRequestMessage(new HttpMethod(line[0]), line[1]);
        if (exchange.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(exchange.Body));
        }

        foreach (var header in exchange.RequestHead.Skip(1))
        {
            var colon = header.IndexOf(": ", StringComparison.Ordinal);
            var (name, value) = (header[..colon], header[(colon + 2)..]);
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static async Task<List<byte[]>> ReadBlocksAsync(
        HttpResponseMessage response, FlushGate gate, CancellationToken cancellationToken)
    {
        var blocks = new List<byte[]>();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1024 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            blocks.Add(buffer[..count]);
            gate.Release();
        }

        return blocks;
    }

    private static string Show(byte[] block)
    {
        var text = Encoding.UTF8.GetString(block).Replace("\n", "⏎\n", StringComparison.Ordinal).TrimEnd('\n');
        return RandomId().Replace(CreatedAt().Replace(text, "\"created_at\":\"{created_at}\""), "\"$1$2$3{id}\"");
    }

    [GeneratedRegex("\"created_at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z\"")]
    private static partial Regex CreatedAt();

    [GeneratedRegex("req_[0-9a-f]{24}")]
    private static partial Regex Id();

    [GeneratedRegex("(?<=dur=)[0-9.]+|^[0-9]+(?=ms$)")]
    private static partial Regex Milliseconds();

    // Ids of Anthropic's dialect begin with a word and an underscore, those of OpenAI's with a word and a
    // hyphen or, where objects are kept, an underscore.
    [GeneratedRegex("\"(msg_|req_|toolu_)[0-9a-f]{24}\"|\"((?:chatcmpl|cmpl)-)[0-9a-z]{24}\""
        + "|\"((?:resp|rs|msg|fc|fco|call|batch|batch_req)_|file-)[0-9a-f]{48}\"")]
    private static partial Regex RandomId();
}
