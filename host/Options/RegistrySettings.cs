using Ollama.Platform.Api.Registry;

namespace Ollama.Platform.Host.Options;

/// <summary>The settings of pulls, pushes and the routes under <c>/v2/</c>.</summary>
internal sealed record RegistrySettings
{
    /// <summary>Where models without a host come from; null for Ollama's (<c>OLLAMA_REGISTRY</c>).</summary>
    public Uri? Default { get; init; }

    /// <summary>Registries asked before that one (<c>OLLAMA_REGISTRY_MIRRORS</c>).</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>
    /// Hosts that a request may ask to be reached without TLS (<c>OLLAMA_INSECURE_REGISTRIES</c>).
    /// </summary>
    public IReadOnlyList<string> InsecureHosts { get; init; } = ["local"];

    /// <summary>
    /// Bytes in a second that all transfers may move; 0 is no limit (<c>OLLAMA_MAX_TRANSFER_RATE</c>).
    /// </summary>
    public long BytesPerSecondMax { get; init; }

    /// <summary>
    /// Bytes in a second below which a connection of a pull is given up; 0 is no limit
    /// (<c>OLLAMA_MIN_TRANSFER_RATE</c>).
    /// </summary>
    public long BytesPerSecondMin { get; init; } = 1024;

    /// <summary>User names and tokens of registries (<c>OLLAMA_REGISTRY_AUTH_FILE</c>).</summary>
    public string CredentialsFile { get; init; } = "";

    /// <summary>Where programs lie that have credentials (<c>PATH</c>).</summary>
    public IReadOnlyList<string> ProgramFolders { get; init; } = [];

    /// <summary>The key that answers token challenges; <c>~/.ollama/id_ed25519</c>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>What the routes under <c>/v2/</c> allow (<c>OLLAMA_SERVE_REGISTRY</c>).</summary>
    public RegistryAccess Serve { get; init; }
}
