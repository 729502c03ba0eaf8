using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// User names and tokens of registries, from a file as <c>docker login</c> and <c>skopeo login</c> write it. A change
/// to the file counts from the next pull on.
/// </summary>
internal sealed partial class RegistryCredentials(
    IOptions<RegistryOptions> options, TimeProvider time, ILogger<RegistryCredentials> logger)
{
    private const long FileBytesMax = 1024 * 1024;

    private readonly FreshFiles<CredentialsDocument> _files = new(time, countMax: 1);

    /// <summary>What was filed for a registry, by its host and port; null when nothing was.</summary>
    public KnownCredentials? Find(string authority)
    {
        if (options.Value.CredentialsFile is not { Length: > 0 } path || Read(path)?.Auths is not { } entries)
        {
            return null;
        }

        var entry = entries.FirstOrDefault(entry => HostOf(entry.Key)
            .Equals(authority, StringComparison.OrdinalIgnoreCase)).Value;
        return entry is null ? null : new KnownCredentials(Basic(entry), entry.RegistryToken);
    }

    private static string? Basic(CredentialsEntry entry) => entry switch
    {
        { Auth: { Length: > 0 } auth } => $"Basic {auth}",
        { Username: { Length: > 0 } user } =>
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{entry.Password}"))}",
        _ => null,
    };

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
                    ?? new CredentialsDocument(Auths: null));
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
internal sealed record KnownCredentials(string? Basic, string? Token);
