using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>An active replica: where it stands and what it has loaded.</summary>
public sealed record ReplicaStatus
{
    /// <summary>Which replica.</summary>
    public required ReplicaKey Key { get; init; }

    /// <summary>The weights that it holds.</summary>
    public required Digest Weights { get; init; }

    /// <summary>It is not loaded yet; sizes are not known.</summary>
    public bool IsLoading { get; init; }

    /// <summary>Sequences that it decodes together at most; 0 while loading.</summary>
    public int SlotCount { get; init; }

    /// <summary>Requests that it is serving.</summary>
    public int RunningCount { get; init; }

    /// <summary>What lists show of it: an entry for each name under which it serves.</summary>
    public required IReadOnlyList<LoadedModelStatus> Models { get; init; }
}
