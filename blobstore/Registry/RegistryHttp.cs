using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// The connections to registries. Redirects are left to the caller, who knows what another host must not see.
/// </summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int ConnectionsPerHostMax = 64;
    private static readonly TimeSpan ConnectTimeMax = TimeSpan.FromSeconds(30);

    // Long enough to reuse, short enough to follow a change of name servers.
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _answerTimeMax;

    public RegistryHttp(IOptions<RegistryOptions> options, TimeProvider time)
    {
        (_time, _answerTimeMax) = (time, options.Value.StallTimeMax);
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
        var upload = request.Content is not null;
        using var patience = new CancellationTokenSource(
            upload ? Timeout.InfiniteTimeSpan : _answerTimeMax, _time);
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
            // A host that is another than it says will be so a second later.
            var isTransient = failure.HttpRequestError != HttpRequestError.SecureConnectionError;
            throw Failed(request, failure.InnerException?.Message ?? failure.Message, failure, isTransient);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static TransferException Failed(
        HttpRequestMessage request, string reason, Exception cause, bool isTransient)
    {
        var method = request.Method.Method[..1] + request.Method.Method[1..].ToLowerInvariant();
        return new TransferException($"{method} \"{request.RequestUri}\": {reason}", cause, isTransient)
        {
            IsUnreachable = (cause as HttpRequestException)?.HttpRequestError
                is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
        };
    }
}
