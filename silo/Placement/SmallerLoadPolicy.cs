using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Silo.Placement;

/// <summary>What to try when memory did not suffice for a load. Pure.</summary>
internal static class SmallerLoadPolicy
{
    // The lengths that a context has by default, as Ollama steps down.
    private static readonly int[] ContextSteps = [32_768, 4096];

    /// <summary>The next smaller load; null when there is none that the requests would accept.</summary>
    /// <param name="specification">What did not fit.</param>
    /// <param name="contextAutomatic">Nobody asked for the context length.</param>
    public static LoadSpecification? Next(LoadSpecification specification, bool contextAutomatic)
    {
        // Requests then wait for each other, which is better than not to be served.
        if (specification.SlotCount > 1)
        {
            return specification with { SlotCount = 1, CellCount = 0 };
        }

        var step = ContextSteps.FirstOrDefault(tokens => tokens < specification.ContextTokens);
        return contextAutomatic && step > 0 ? specification with { ContextTokens = step, CellCount = 0 } : null;
    }
}
