using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Silo.Models;

/// <summary>Adapters that a runner has loaded or is loading. Belongs to the replica's turns.</summary>
internal sealed class AdapterSet(long key, Task<AdapterBytes> load)
{
    /// <summary>What sequences name them by; 0 for none.</summary>
    public long Key => key;

    /// <summary>Completes when they are loaded.</summary>
    public Task<AdapterBytes> Load => load;

    /// <summary>Requests that have them.</summary>
    public int UseCount { get; set; }

    /// <summary>When they were last in use, as a number that only grows.</summary>
    public long UsedAt { get; set; }
}
