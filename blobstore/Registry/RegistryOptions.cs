namespace Ollama.Platform.BlobStore.Registry;

/// <summary>How this server talks to registries.</summary>
public sealed class RegistryOptions
{
    /// <summary>Where models without a host of their own come from.</summary>
    public Uri DefaultRegistry { get; set; } = new("https://registry.ollama.ai");

    /// <summary>Asked in order before <see cref="DefaultRegistry"/>, for pulling alone.</summary>
    public IReadOnlyList<Uri> Mirrors { get; set; } = [];

    /// <summary>
    /// Hosts, with or without port, that a request may ask to be reached without TLS. <c>*</c> is all of them,
    /// <c>local</c> those that lie in this machine's own network by their name or address.
    /// </summary>
    public IReadOnlyList<string> InsecureHosts { get; set; } = [InsecurePolicy.Local];

    /// <summary>Bytes in a second that all pulls and pushes may move together; 0 is no limit.</summary>
    public long BytesPerSecondMax { get; set; }

    /// <summary>The ed25519 key that answers token challenges; made when it is absent.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>User names and tokens of registries, in the format of Docker's <c>config.json</c>.</summary>
    public string CredentialsFile { get; set; } = "";

    /// <summary>Where the programs lie that such a file may name.</summary>
    public IReadOnlyList<string> ProgramFolders { get; set; } = [];

    /// <summary>
    /// Length of the ranges that a large blob is moved in, in bytes. So short that the digest, which is computed in
    /// order, keeps up with ranges that arrive side by side; blobs of over 64 GiB have longer ones, those of less than
    /// 8 GiB shorter ones.
    /// </summary>
    public long PartBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Ranges of one blob that are moved at once.</summary>
    public int PartsAtOnce { get; set; } = 8;

    /// <summary>Attempts in a row that may bring nothing before a transfer fails.</summary>
    public int AttemptsMax { get; set; } = 6;

    /// <summary>The first wait between attempts; each further one is twice as long.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may bring nothing before it is given up.</summary>
    public TimeSpan StallTimeMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes in a second that a connection has to bring, over <see cref="SlowTimeMax"/>; a slower one is given up and
    /// tried again, and what it brought is no progress. 0 is no limit.
    /// </summary>
    public long BytesPerSecondMin { get; set; } = 1024;

    /// <summary>How long a connection may be slower than that.</summary>
    public TimeSpan SlowTimeMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a registry may take to answer what it is sent: it may hash a whole blob before it answers the last
    /// request of an upload.
    /// </summary>
    public TimeSpan CommitTimeMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What this server calls itself. Some registries serve by it, and Ollama's refuses models that are too new for
    /// the version it names.
    /// </summary>
    public string UserAgent { get; set; } = "ollama/0.33.0";
}
