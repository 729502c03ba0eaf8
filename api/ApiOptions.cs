using System.Net;
using Ollama.Platform.Api.Batches;
using Ollama.Platform.Api.Grpc;
using Ollama.Platform.Api.Registry;
using Ollama.Platform.Api.Responses;

namespace Ollama.Platform.Api;

/// <summary>What the host decides about the HTTP interface.</summary>
public sealed class ApiOptions
{
    /// <summary>The version that <c>/api/version</c> reports; a semantic version.</summary>
    public string Version { get; set; } = "0.0.0";

    /// <summary>
    /// Browser origins allowed beside the local ones (<c>OLLAMA_ORIGINS</c>). Each has a scheme or one <c>*</c>; the
    /// entry <c>*</c> allows all.
    /// </summary>
    public IReadOnlyList<string> Origins { get; set; } = [];

    /// <summary>
    /// The server listens on a loopback address only. Then the Host header must name this machine, or a web page could
    /// reach the server by pointing its own name at it.
    /// </summary>
    public bool LoopbackBound { get; set; } = true;

    /// <summary>
    /// Longest request body, in bytes (<c>OLLAMA_MAX_BODY_BYTES</c>). What exceeds this or the next three is refused
    /// with 413.
    /// </summary>
    public long BodyBytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long and how many responses of <c>/v1/responses</c> are kept.</summary>
    public ResponseOptions Responses { get; } = new();

    /// <summary>What <c>/v1/files</c> and <c>/v1/batches</c> may take.</summary>
    public BatchOptions Batches { get; } = new();

    /// <summary>Most messages of a conversation (<c>OLLAMA_MAX_MESSAGES</c>).</summary>
    public int MessageCountMax { get; set; } = 10_000;

    /// <summary>Most images of a request (<c>OLLAMA_MAX_IMAGES</c>).</summary>
    public int ImageCountMax { get; set; } = 256;

    /// <summary>Largest image, in bytes (<c>OLLAMA_MAX_IMAGE_BYTES</c>).</summary>
    public int ImageBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How often a stream of events that waits, for its turn, for a load or for the next token, shows a sign of life
    /// (<c>OLLAMA_HEARTBEAT_INTERVAL</c>); infinite for never.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What the registry's routes under <c>/v2/</c> allow (<c>OLLAMA_SERVE_REGISTRY</c>).</summary>
    public RegistryAccess Registry { get; set; }

    /// <summary>The gRPC dialect.</summary>
    public GrpcOptions Grpc { get; } = new();

    /// <summary>
    /// Serves Olla's routes under <c>/olla/</c> and <c>/internal/</c>, too (<c>OLLAMA_OLLA</c>).
    /// </summary>
    public bool Olla { get; set; }

    /// <summary>What Olla's headers and status call this server.</summary>
    public string EndpointName { get; set; } = "local";

    /// <summary>The commit that the product was built from, as far as it is known.</summary>
    public string Commit { get; set; } = "unknown";

    /// <summary>
    /// Proxies whose <c>X-Forwarded-…</c> headers count (<c>OLLAMA_TRUSTED_PROXIES</c>).
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>Name of this machine, which the Host header may always carry.</summary>
    public string MachineName { get; set; } = Environment.MachineName;

    /// <summary>Tells whether an address belongs to a network interface of this machine.</summary>
    public Func<IPAddress, bool> IsOwnAddress { get; set; } = Access.OwnAddresses.Contains;
}
