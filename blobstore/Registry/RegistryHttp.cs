using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// The connections to registries. Redirects are left to the caller, who knows what another host must not see.
/// </summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int ConnectionsPerHostMax = 64;

    // An answer that is read whole may come slowly, but not for ever.
    private const int SlowAnswerFactor = 10;

    private static readonly TimeSpan ConnectTimeMax = TimeSpan.FromSeconds(30);

    // Long enough to reuse, short enough to follow a change of name servers.
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _answerTimeMax;
    private readonly TimeSpan _commitTimeMax;

    public RegistryHttp(IOptions<RegistryOptions> options, TimeProvider time)
    {
        (_time, _answerTimeMax, _commitTimeMax) =
            (time, options.Value.StallTimeMax, options.Value.CommitTimeMax);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeMax,
            PooledConnectionLifetime = ConnectionAgeMax,
            MaxConnectionsPerServer = ConnectionsPerHostMax,
            // The rest of an answer that is left may be gigabytes long.
            MaxResponseDrainSize = 0,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? "amd64"
            : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        _client.DefaultRequestHeaders.TryAddWithoutValidation(
            "User-Agent", $"{options.Value.UserAgent} ({architecture} {system}) Ollama.Platform");
    }

    /// <summary>Sends a request and returns once the headers of its answer are here.</summary>
    /// <exception cref="TransferException">There is no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PatienceFor(request), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(request, "no answer", failure, isTransient: true);
        }
        catch (HttpRequestException failure)
        {
            // A host that is another than it says, or speaks without end, will do so a second later.
            var isTransient = failure.HttpRequestError is not (
                HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded);
            throw Failed(request, ReasonOf(failure), failure, isTransient);
        }
    }

    /// <summary>Reads a body up to a limit, which has to keep coming.</summary>
    /// <exception cref="TransferException">It is longer, stands still or breaks off.</exception>
    public async Task<byte[]> ReadAsync(
        HttpResponseMessage response, int bytesMax, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(_answerTimeMax, _time);
        using var patience = new CancellationTokenSource(_answerTimeMax * SlowAnswerFactor, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            stall.Token, patience.Token, cancellationToken);
        try
        {
            return await ResponseBody.ReadAsync(
                response, bytesMax, () => stall.CancelAfter(_answerTimeMax), any.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(response.RequestMessage!, "the answer stands still", failure, isTransient: true);
        }
    }

    /// <summary>What a status that was not hoped for means; the answer is read as far as it helps.</summary>
    public async Task<TransferException> FailureAsync(
        HttpResponseMessage response, RegistrySource source, CancellationToken cancellationToken)
    {
        // The words of whoever the registry redirected to are not for the client: it could be anybody's server.
        if (!source.Owns(response.RequestMessage!.RequestUri!))
        {
            return ResponseBody.Failure(response, []);
        }

        try
        {
            return ResponseBody.Failure(
                response, await ReadAsync(response, ResponseBody.ComplaintBytesMax, cancellationToken));
        }
        catch (TransferException)
        {
            return ResponseBody.Failure(response, []);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string ReasonOf(HttpRequestException failure) => failure.InnerException switch
    {
        // Whoever forgot to say so gets no further with the system's words about frames.
        AuthenticationException tls when !tls.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            "the server speaks no TLS; a registry without it is asked with \"insecure\"",
        { } inner => inner.Message,
        null => failure.Message,
    };

    private TimeSpan PatienceFor(HttpRequestMessage request) =>
        // Whoever sends a piece sees it move and knows best.
        request.Content is BlobPartContent ? Timeout.InfiniteTimeSpan
        : request.Method == HttpMethod.Put ? _commitTimeMax
        : _answerTimeMax;

    private static TransferException Failed(
        HttpRequestMessage request, string reason, Exception cause, bool isTransient)
    {
        var method = request.Method.Method[..1] + request.Method.Method[1..].ToLowerInvariant();

        // Without the query: where a registry keeps its blobs, a signature in it opens them to whoever has it.
        var address = request.RequestUri!.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return new TransferException($"{method} \"{address}\": {reason}", cause, isTransient)
        {
            IsUnreachable = (cause as HttpRequestException)?.HttpRequestError
                is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
        };
    }
}
