using Ollama.Platform.Contracts.Cluster;

namespace Ollama.Platform.Silo.Placement;

/// <summary>Memory set aside for one replica. Disposing gives it back; do so after the runner has gone.</summary>
internal sealed class Reservation : IDisposable
{
    private readonly Residency _residency;

    internal Reservation(Residency residency, ReplicaKey key, SlotPlan slots) =>
        (_residency, Key, Slots) = (residency, key, slots);

    /// <summary>Whose memory.</summary>
    public ReplicaKey Key { get; }

    /// <summary>Sequences that there is memory for.</summary>
    public SlotPlan Slots { get; }

    /// <summary>The load has ended: the next one may measure what is free.</summary>
    public void LoadEnded() => _residency.EndLoad(this);

    /// <summary>The replica serves somebody: it is not evicted.</summary>
    public void Busy() => _residency.Mark(Key, isIdle: false, expiresAt: null);

    /// <summary>The replica serves nobody until the given time; null for ever.</summary>
    public void Idle(DateTimeOffset? expiresAt) => _residency.Mark(Key, isIdle: true, expiresAt);

    /// <inheritdoc/>
    public void Dispose() => _residency.Remove(this);
}
