using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Host.Cli.Client;

/// <summary>
/// Speaks Ollama's API over HTTP: to our server or to a stock one, of any version. Therefore it reads what it needs and
/// passes over the rest.
/// </summary>
internal sealed class ServerClient : IDisposable
{
    private const int ErrorTextMax = 4096;

    private readonly HttpClient _http;

    /// <param name="address">The base address, which ends in a slash.</param>
    /// <param name="apiKey">Sent as a bearer token when not null.</param>
    public ServerClient(Uri address, string? apiKey)
    {
        _http = new HttpClient(new SocketsHttpHandler())
        {
            BaseAddress = address,
            // A model may load, or a prompt compute, for as long as it takes; the user can interrupt.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ollama-platform", ServerHost.Version));
        if (apiKey is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Reads a JSON object.</summary>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, body: null, cancellationToken);

    /// <summary>Sends a JSON object and reads the answer; an empty answer is an empty object.</summary>
    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Sends a JSON object with DELETE.</summary>
    public Task<JsonObject> DeleteAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, body, cancellationToken);

    /// <summary>Sends a JSON object and reads the answer line by line, as it comes.</summary>
    /// <exception cref="ServerException">The server refused, or a line says what went wrong.</exception>
    public async IAsyncEnumerable<JsonObject> StreamAsync(
        string path, JsonObject body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Json(body), cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await ReadLineAsync(reader, cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var item = ParseObject(line);
            if (item["error"] is { } error)
            {
                throw new ServerException(status: null, error.ToString());
            }

            yield return item;
        }
    }

    /// <summary>Whether the server holds a blob.</summary>
    public async Task<bool> HasBlobAsync(string digest, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"api/blobs/{digest}");
        using var response = await SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Uploads a blob; the server verifies its digest.</summary>
    public async Task UploadBlobAsync(string digest, FileContent content, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, $"api/blobs/{digest}", content, cancellationToken);
    }

    private async Task<JsonObject> SendAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body is null ? null : Json(body), cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 ? [] : ParseObject(text);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var response = await SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ServerException(
                response.StatusCode, await ReadErrorAsync(response, cancellationToken));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException(
                $"could not reach the server at {_http.BaseAddress} ({failure.Message}). "
                + "Start one with \"ollama-platform serve\", or name another in OLLAMA_HOST.");
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new CommandException($"the server broke off its answer: {failure.Message}");
        }
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            if (JsonNode.Parse(text) is JsonObject { } body && body["error"] is { } error)
            {
                return error is JsonObject detailed ? detailed["message"]?.ToString() ?? text : error.ToString();
            }
        }
        catch (JsonException)
        {
            // Not from Ollama's API: a proxy, or another server.
        }

        var detail = text.Length > ErrorTextMax ? text[..ErrorTextMax] : text.Trim();
        return $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}: {detail}".TrimEnd(' ', ':');
    }

    private static JsonObject ParseObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject
                ?? throw new CommandException("the server answered with something that is no JSON object");
        }
        catch (JsonException failure)
        {
            throw new CommandException($"the server's answer cannot be read: {failure.Message}");
        }
    }

    private static StringContent Json(JsonObject body) =>
        new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
