using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>Posts JSON and reads streams by lines, for every dialect alike.</summary>
/// <param name="address">The server.</param>
/// <param name="isPeer">The server is not ours, and may close a connection at the moment when a request comes.</param>
internal sealed class ServerClient(Uri address, bool isPeer = false) : IDisposable
{
    private const string EventPrefix = "data: ";

    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 4096 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>Whether a path answers with success.</summary>
    public async Task<bool> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Posts, and reads the answer to its end.</summary>
    public async Task PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(path, body, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    /// <summary>Posts, and notes when each line of the answer arrives.</summary>
    /// <param name="path">The route.</param>
    /// <param name="body">The request.</param>
    /// <param name="countTokens">Reads the number of tokens from the last object of the stream.</param>
    /// <param name="leaving">Leaves: the reading is what arrived until then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StreamReading> StreamAsync(
        string path,
        JsonObject body,
        Func<JsonElement, int> countTokens,
        CancellationToken leaving,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaving, cancellationToken);
        var clock = Stopwatch.StartNew();
        var arrivals = new List<TimeSpan>();
        var last = "";
        try
        {
            using var response = await SendAsync(path, body, either.Token);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(either.Token));
            while (await lines.ReadLineAsync(either.Token) is { } line)
            {
                if (line.Length > 0)
                {
                    arrivals.Add(clock.Elapsed);
                    last = line;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StreamReading(arrivals.Count, arrivals);
        }

        using var end = JsonDocument.Parse(
            last.StartsWith(EventPrefix, StringComparison.Ordinal) ? last[EventPrefix.Length..] : last);
        return new StreamReading(countTokens(end.RootElement), arrivals);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(path, body, cancellationToken);
        }
        catch (HttpRequestException failure) when (
            isPeer && failure.InnerException is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
        {
            // Seen of a llama-server, which keeps a connection for a hundred requests and five seconds of silence. Of
            // ours it would be a fault.
            return await SendOnceAsync(path, body, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
