using System.Net;
using Ollama.Platform.Api.Batches;
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

    /// <summary>Longest request body, in bytes. Longer ones are refused with 413.</summary>
    public long BodyBytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long and how many responses of <c>/v1/responses</c> are kept.</summary>
    public ResponseOptions Responses { get; } = new();

    /// <summary>What <c>/v1/files</c> and <c>/v1/batches</c> may take.</summary>
    public BatchOptions Batches { get; } = new();

    /// <summary>What the registry's routes under <c>/v2/</c> allow (<c>OLLAMA_SERVE_REGISTRY</c>).</summary>
    public RegistryAccess Registry { get; set; }

    /// <summary>Name of this machine, which the Host header may always carry.</summary>
    public string MachineName { get; set; } = Environment.MachineName;

    /// <summary>Tells whether an address belongs to a network interface of this machine.</summary>
    public Func<IPAddress, bool> IsOwnAddress { get; set; } = Access.OwnAddresses.Contains;
}
