using System.Net;
using System.Net.Http.Headers;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Requests to one repository: authorized when the registry asks for it, redirected where it says, and never with
/// credentials to anyone but itself. Safe for any number of callers.
/// </summary>
internal sealed class RegistrySession(RegistrySource source, RegistryHttp http, RegistryAuthorizer authorizer)
{
    // As many as Go's client follows.
    private const int RedirectCountMax = 10;

    private readonly Lock _lock = new();
    private string? _authorization;
    private Task<string>? _authorizing;

    /// <summary>The repository.</summary>
    public RegistrySource Source { get; } = source;

    /// <summary>
    /// Sends a request, once more after an authorization. Redirects of GET and HEAD are followed. The answer may have
    /// any status.
    /// </summary>
    /// <param name="make">Makes the request, each time anew.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="TransferException">There is no answer, or access is denied.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var authorization = Volatile.Read(ref _authorization);
        var response = await SendOnceAsync(make(), authorization, cancellationToken);
        if (!IsRefused(response))
        {
            return response;
        }

        using (response)
        {
            authorization = await AuthorizeAsync(response, authorization).WaitAsync(cancellationToken);
        }

        response = await SendOnceAsync(make(), authorization, cancellationToken);
        if (!IsRefused(response))
        {
            return response;
        }

        response.Dispose();
        throw RegistryAuthorizer.Denied();
    }

    /// <inheritdoc cref="RegistryHttp.ReadAsync"/>
    public Task<byte[]> ReadAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancellationToken) =>
        http.ReadAsync(response, bytesMax, cancellationToken);

    /// <inheritdoc cref="RegistryHttp.FailureAsync"/>
    public Task<TransferException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        http.FailureAsync(response, Source, cancellationToken);

    private bool IsRefused(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Unauthorized && Source.Owns(response.RequestMessage!.RequestUri!);

    /// <summary>Ranges that are moved side by side are refused side by side: one answer serves them all.</summary>
    private Task<string> AuthorizeAsync(HttpResponseMessage response, string? refused)
    {
        lock (_lock)
        {
            return _authorization != refused
                ? Task.FromResult(_authorization!)
                : _authorizing ??= RunAsync([.. response.Headers.WwwAuthenticate]);
        }

        async Task<string> RunAsync(IReadOnlyList<AuthenticationHeaderValue> challenges)
        {
            // Off the lock; nobody's leaving ends what others wait for.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                var authorization = await authorizer.AuthorizeAsync(Source, challenges, CancellationToken.None);
                Volatile.Write(ref _authorization, authorization);
                return authorization;
            }
            finally
            {
                lock (_lock)
                {
                    _authorizing = null;
                }
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, string? authorization, CancellationToken cancellationToken)
    {
        for (var hops = 0; ; hops++)
        {
            if (authorization is not null && Source.Owns(request.RequestUri!))
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            var response = await http.SendAsync(request, cancellationToken);
            if (request.Content is not null || !IsRead(request.Method) || Target(response) is not { } target)
            {
                return response;
            }

            response.Dispose();
            if (hops == RedirectCountMax)
            {
                throw new TransferException($"stopped after {RedirectCountMax} redirects");
            }

            var next = new HttpRequestMessage(request.Method, target);
            foreach (var header in request.Headers.Where(header => header.Key != "Authorization"))
            {
                next.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            request = next;
        }
    }

    private static bool IsRead(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head;

    private Uri? Target(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return null;
        }

        return response.Headers.Location is { } location
            ? Resolve(response.RequestMessage!.RequestUri!, location)
            : throw new TransferException("http: no Location header in response");
    }

    /// <summary>An address that the registry named, if it may be asked.</summary>
    /// <exception cref="TransferException">It has no TLS although the registry has.</exception>
    public Uri Resolve(Uri origin, Uri location)
    {
        if (!Uri.TryCreate(origin, location, out var target))
        {
            throw new TransferException("http: the Location header in response is no address");
        }

        return Source.MayFollow(target) ? target : throw new TransferException($"insecure protocol {target.Scheme}");
    }
}
