using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>What happens to requests for models that are not here.</summary>
public sealed class ModelSupplyOptions
{
    /// <summary>The models that are pulled when a request first uses them (OLLAMA_PULL_ON_DEMAND).</summary>
    public IReadOnlyList<ModelPattern> PulledOnDemand { get; set; } = [];

    /// <summary>Requests that may wait for pulls, of all models together (OLLAMA_MAX_QUEUE).</summary>
    public int WaitingCountMax { get; set; } = 512;
}
