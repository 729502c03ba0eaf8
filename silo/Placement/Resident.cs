using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Placement;

/// <summary>A replica that holds memory of this silo, as the eviction policy sees it.</summary>
/// <param name="Key">Which replica.</param>
/// <param name="Weights">The weights that it holds.</param>
/// <param name="IsIdle">Loaded and serving nobody.</param>
/// <param name="ExpiresAt">When keep-alive ends; null for never.</param>
/// <param name="UsedAt">When it was last in use.</param>
internal sealed record Resident(
    ReplicaKey Key, Digest Weights, bool IsIdle, DateTimeOffset? ExpiresAt, DateTimeOffset UsedAt);
