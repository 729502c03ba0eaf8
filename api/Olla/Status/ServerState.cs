using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Health;
using Ollama.Platform.Api.Olla.Traffic;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary>What the status routes tell about: read anew for every question.</summary>
internal sealed class ServerState(
    ReadyRoute ready, ILibrary library, TrafficCounters counters, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Looks at everything once.</summary>
    public async Task<StateSnapshot> ReadAsync(CancellationToken cancellationToken) => new()
    {
        Now = time.GetUtcNow(),
        StartedAt = counters.StartedAt,
        Uptime = counters.Uptime,
        Endpoint = options.Value.EndpointName,
        Version = options.Value.Version,
        Commit = options.Value.Commit,
        IsReady = (await ready.CheckAsync(cancellationToken)).Status != HealthStatus.Unhealthy,
        Models = await library.ListAsync(cancellationToken),
        Traffic = counters.Read(),
    };
}
