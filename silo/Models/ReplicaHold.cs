namespace Ollama.Platform.Silo.Models;

/// <summary>
/// A queue's hold on its replica: while it is open the replica stays loaded. Belongs to the queue's turns.
/// </summary>
internal sealed class ReplicaHold : IDisposable
{
    private readonly CancellationTokenSource _released = new();

    /// <summary>Cancelled when the hold is no longer needed.</summary>
    public CancellationToken Released => _released.Token;

    /// <summary>Completes when the replica has been let go.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>The replica is loaded.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Sequences that the replica decodes together.</summary>
    public int SlotCount { get; private set; }

    /// <summary>Timestamp of the moment from which the replica was loaded.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>The replica answered.</summary>
    public void Open(int slotCount, long openedAt) => (IsOpen, SlotCount, OpenedAt) = (true, slotCount, openedAt);

    /// <summary>Lets the replica go.</summary>
    public void Release() => _released.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _released.Dispose();
}
