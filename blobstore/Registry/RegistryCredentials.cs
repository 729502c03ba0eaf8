using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// User names and tokens of registries, from a file as <c>docker login</c> and <c>skopeo login</c> write it, or from
/// the programs that it names. A change counts from the next pull on.
/// </summary>
internal sealed partial class RegistryCredentials(
    IOptions<RegistryOptions> options, CredentialPrograms programs, TimeProvider time,
    ILogger<RegistryCredentials> logger)
{
    private const long FileBytesMax = 1024 * 1024;

    private readonly FreshFiles<CredentialsDocument> _files = new(time, countMax: 1, FileBytesMax, _ => 0);

    /// <summary>What was filed for a registry, by its host and port; null when nothing was.</summary>
    public async Task<KnownCredentials?> FindAsync(string authority, CancellationToken cancellationToken)
    {
        if (options.Value.CredentialsFile is not { Length: > 0 } path || Read(path) is not { } document)
        {
            return null;
        }

        // As Docker looks for them: the registry's own program, the one for all, and then the file.
        if ((Entry(document.CredHelpers, authority) ?? document.CredsStore) is { Length: > 0 } program
            && await programs.AskAsync(program, authority, cancellationToken) is { } found
            && found.Secret is { Length: > 0 } secret)
        {
            return found.Username == CredentialAnswer.TokenUser
                ? new KnownCredentials(Basic: null, Token: null, IdentityToken: secret)
                : new KnownCredentials(Basic(found.Username ?? "", secret), Token: null, IdentityToken: null);
        }

        return Entry(document.Auths, authority) is { } entry
            ? new KnownCredentials(Basic(entry), entry.RegistryToken, entry.IdentityToken)
            : null;
    }

    private static T? Entry<T>(Dictionary<string, T?>? entries, string authority)
        where T : class =>
        entries?.FirstOrDefault(entry => HostOf(entry.Key)
            .Equals(authority, StringComparison.OrdinalIgnoreCase)).Value;

    private static string? Basic(CredentialsEntry entry) => entry switch
    {
        { Auth: { Length: > 0 } auth } => $"Basic {auth}",
        { Username: { Length: > 0 } user } => Basic(user, entry.Password ?? ""),
        _ => null,
    };

    private static string Basic(string user, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    /// <summary>Entries are hosts, or addresses as older tools wrote them.</summary>
    private static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var host = scheme >= 0 ? key[(scheme + 3)..] : key;
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 ? host[..slash] : host;
    }

    private CredentialsDocument? Read(string path)
    {
        try
        {
            return _files.Get(path, (file, name) => file.Length > FileBytesMax
                ? throw new JsonException($"The file is longer than {FileBytesMax} bytes.")
                : JsonSerializer.Deserialize(File.ReadAllBytes(name), RegistryJson.Default.CredentialsDocument)
                    ?? new CredentialsDocument(Auths: null, CredsStore: null, CredHelpers: null));
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(logger, path, failure.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The credentials in {Path} are not used: {Reason}")]
        public static partial void Unreadable(ILogger logger, string path, string reason);
    }
}

/// <summary>What was filed for a registry.</summary>
/// <param name="Basic">The Authorization header of user name and password; null without them.</param>
/// <param name="Token">A token for the registry itself; null without one.</param>
/// <param name="IdentityToken">What the registry's token server gives tokens for; null without one.</param>
internal sealed record KnownCredentials(string? Basic, string? Token, string? IdentityToken);
