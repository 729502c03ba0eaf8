using Ollama.Platform.Api.Registry;

namespace Ollama.Platform.Host.Options;

/// <summary>
/// Reads the settings of registries. A wrong one would move models to or from the wrong place: it stops the host.
/// </summary>
/// <param name="value">The value of a variable, without blanks and quotes; empty when it is not set.</param>
internal sealed class RegistrySettingsReader(Func<string, string> value)
{
    private static RegistrySettings Defaults { get; } = new();

    /// <summary>Reads them all.</summary>
    /// <exception cref="SettingException">One cannot be read.</exception>
    public RegistrySettings Read() => new()
    {
        Default = value("OLLAMA_REGISTRY") is { Length: > 0 } registry ? Address("OLLAMA_REGISTRY", registry) : null,
        Mirrors = List("OLLAMA_REGISTRY_MIRRORS") is { Length: > 0 } mirrors
            ? [.. mirrors.Select(text => Address("OLLAMA_REGISTRY_MIRRORS", text))]
            : Defaults.Mirrors,
        InsecureHosts = value("OLLAMA_INSECURE_REGISTRIES") switch
        {
            "" => Defaults.InsecureHosts,
            "none" => [],
            _ => List("OLLAMA_INSECURE_REGISTRIES"),
        },
        BytesPerSecondMax = Rate("OLLAMA_MAX_TRANSFER_RATE", Defaults.BytesPerSecondMax),
        BytesPerSecondMin = Rate("OLLAMA_MIN_TRANSFER_RATE", Defaults.BytesPerSecondMin),
        CredentialsFile = value("OLLAMA_REGISTRY_AUTH_FILE") is { Length: > 0 } file
            ? Path.GetFullPath(file)
            : Path.Combine(value("HOME"), ".docker", "config.json"),
        ProgramFolders = value("PATH").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        KeyFile = Path.Combine(value("HOME"), ".ollama", "id_ed25519"),
        Serve = value("OLLAMA_SERVE_REGISTRY").ToLowerInvariant() switch
        {
            "" or "on" or "1" or "true" => RegistryAccess.ReadWrite,
            "readonly" => RegistryAccess.ReadOnly,
            "off" or "0" or "false" => RegistryAccess.Off,
            var other => throw new SettingException(
                $"OLLAMA_SERVE_REGISTRY: \"{other}\" is none of on, readonly and off."),
        },
    };

    private string[] List(string name) => value(name).Split(
        ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri Address(string name, string text) =>
        Uri.TryCreate(
            text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}",
            UriKind.Absolute,
            out var address)
        && address.Scheme is "http" or "https" && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            ? address
            : throw new SettingException(
                $"{name}: \"{text}\" is no registry; it may be a host, with a port, or http:// or https:// before it.");

    private long Rate(string name, long otherwise)
    {
        var text = value(name).ToLowerInvariant();
        if (text.Length == 0)
        {
            return otherwise;
        }

        return ByteCount.TryParse(text, out var bytes)
            ? bytes
            : throw new SettingException(
                $"{name}: \"{text}\" is no number of bytes in a second, such as 5000000, 5MB or 5MiB.");
    }
}
