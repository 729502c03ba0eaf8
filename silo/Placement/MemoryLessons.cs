using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Placement;

/// <summary>
/// Remembers by how much loads differed from their estimates, so that the next load of the same weights is estimated
/// better: buffers depend on shapes and devices that a header does not tell. Belongs to one lock.
/// </summary>
internal sealed class MemoryLessons
{
    // A silo serves fewer models than this; beyond it, the oldest lesson goes.
    private const int LessonsMax = 256;

    private readonly Dictionary<Subject, long> _differences = [];
    private readonly Queue<Subject> _order = [];

    /// <summary>The estimate of a plan, as far as loads have taught.</summary>
    public MemoryEstimate Estimate(LoadPlan plan)
    {
        var estimate = MemoryEstimate.Of(plan);
        return _differences.TryGetValue(SubjectOf(plan), out var difference)
            ? estimate with { ComputeBytes = Math.Max(estimate.ComputeBytes + difference, 0) }
            : estimate;
    }

    /// <summary>Learns what a load really took.</summary>
    /// <param name="plan">What was loaded.</param>
    /// <param name="cellCount">Cells of the KV cache, of all sequences together, as loaded.</param>
    /// <param name="totalBytes">Weights, cache and buffers on all devices; 0 when that is not known.</param>
    public void Learn(LoadPlan plan, int cellCount, long totalBytes)
    {
        if (totalBytes <= 0)
        {
            return;
        }

        var subject = SubjectOf(plan);
        if (!_differences.ContainsKey(subject))
        {
            _order.Enqueue(subject);
        }

        // Slots may share fewer contexts than there are slots: the cells count.
        var estimate = MemoryEstimate.Of(plan with { ContextTokens = cellCount });
        _differences[subject] = totalBytes - estimate.TotalBytes(slotCount: 1);
        if (_order.Count > LessonsMax)
        {
            _differences.Remove(_order.Dequeue());
        }
    }

    private static Subject SubjectOf(LoadPlan plan) =>
        new(plan.Model.Weights, plan.Draft?.Weights, plan.Embedding, plan.BatchTokens, plan.KeyValueType);

    private readonly record struct Subject(
        Digest Weights, Digest? Draft, bool Embedding, int BatchTokens, KeyValueType KeyValueType);
}
