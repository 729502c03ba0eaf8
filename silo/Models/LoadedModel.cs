using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.Silo.Models;

/// <summary>Weights and context in memory.</summary>
/// <param name="Runner">Where the native code runs.</param>
/// <param name="Plan">What was loaded.</param>
/// <param name="Reservation">The memory it holds.</param>
/// <param name="Adapters">What its sequences may be computed with besides.</param>
internal sealed record LoadedModel(
    IModelRunner Runner, LoadPlan Plan, Reservation Reservation, AdapterSets Adapters);
