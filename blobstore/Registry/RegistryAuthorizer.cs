using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Answers a registry's challenge: with the user name and password that were filed for it, or with a token that our
/// key has signed for.
/// </summary>
internal sealed partial class RegistryAuthorizer(
    RegistryHttp http, RegistryKey key, RegistryCredentials credentials, TimeProvider time)
{
    private const string ClientId = "ollama-platform";
    private const int NonceBytes = 16;
    private const int TokenReplyBytesMax = 1024 * 1024;

    /// <summary>The refusal of a registry that no answer contents.</summary>
    public static TransferException Denied() => new("unauthorized: access denied");

    /// <summary>The value of the Authorization header that answers the challenge.</summary>
    /// <exception cref="TransferException">There is none.</exception>
    public async Task<string> AuthorizeAsync(
        RegistrySource source, IEnumerable<AuthenticationHeaderValue> challenges, CancellationToken cancellationToken)
    {
        var known = await credentials.FindAsync(source.Registry.Authority, cancellationToken);
        if (known?.Token is { } token)
        {
            return $"Bearer {token}";
        }

        foreach (var challenge in challenges)
        {
            if (challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && known?.Basic is { } basic)
            {
                return basic;
            }

            if (challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return $"Bearer {await RequestTokenAsync(source, challenge, known, cancellationToken)}";
            }
        }

        throw Denied();
    }

    private async Task<string> RequestTokenAsync(
        RegistrySource source, AuthenticationHeaderValue challenge, KnownCredentials? known,
        CancellationToken cancellationToken)
    {
        var values = Parameter().Matches(challenge.Parameter ?? "")
            .GroupBy(match => match.Groups[1].Value.ToLowerInvariant())
            .ToDictionary(group => group.Key, group => group.First().Groups[2].Value);
        if (!Uri.TryCreate(values.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            || !source.MayFollow(realm))
        {
            throw Denied();
        }

        using var request = TokenRequest(source, realm, values, known);
        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw (int)response.StatusCode is 401 or 403
                ? Denied()
                : await http.FailureAsync(response, source, cancellationToken);
        }

        return ReadToken(await http.ReadAsync(response, TokenReplyBytesMax, cancellationToken)) ?? throw Denied();
    }

    private HttpRequestMessage TokenRequest(
        RegistrySource source, Uri realm, Dictionary<string, string> values, KnownCredentials? known)
    {
        if (known?.IdentityToken is { } identity)
        {
            // OAuth2, as Docker exchanges them; a GET would leave the token in logs.
            return new HttpRequestMessage(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent(
                [
                    KeyValuePair.Create("grant_type", "refresh_token"),
                    KeyValuePair.Create("client_id", ClientId),
                    KeyValuePair.Create("service", values.GetValueOrDefault("service", "")),
                    KeyValuePair.Create("scope", values.GetValueOrDefault("scope", "")),
                    KeyValuePair.Create("refresh_token", identity),
                ]),
            };
        }

        // Only who was given a password for this registry may show it where the registry points; our key signs for
        // the registry itself and nobody else.
        if (known?.Basic is null && realm.Authority != source.Registry.Authority)
        {
            throw new TransferException(
                $"realm host \"{realm.Authority}\" does not match original host \"{source.Registry.Authority}\"");
        }

        var address = TokenAddress(realm, values);
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Authorization", known?.Basic ?? Sign(address));
        return request;
    }

    private Uri TokenAddress(Uri realm, Dictionary<string, string> values)
    {
        var query = new List<string> { $"service={Escape(values.GetValueOrDefault("service", ""))}" };
        query.AddRange(values.GetValueOrDefault("scope", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(scope => $"scope={Escape(scope)}"));
        query.Add($"ts={time.GetUtcNow().ToUnixTimeSeconds()}");
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        query.Add($"nonce={nonce.TrimEnd('=').Replace('+', '-').Replace('/', '_')}");
        return new UriBuilder(realm)
        {
            Query = string.Join('&', query.Prepend(realm.Query.TrimStart('?')).Where(part => part.Length > 0)),
        }.Uri;
    }

    private string Sign(Uri address)
    {
        var emptyHash = Convert.ToHexStringLower(SHA256.HashData([]));
        var text = $"GET,{address.AbsoluteUri},{Convert.ToBase64String(Encoding.ASCII.GetBytes(emptyHash))}";
        return key.Sign(Encoding.UTF8.GetBytes(text));
    }

    private static string? ReadToken(byte[] body)
    {
        try
        {
            var reply = JsonSerializer.Deserialize(body, RegistryJson.Default.TokenReply);
            return (reply?.Token ?? reply?.AccessToken) is { Length: > 0 } token && !token.Any(char.IsControl)
                ? token
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex Parameter();
}
