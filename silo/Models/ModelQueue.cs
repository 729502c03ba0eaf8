using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The behaviour of a model's actor: first come, first served within a priority; a bounded wait; one hold on the
/// replica for as long as anybody waits or is served. Every member runs in the turns of one actor, which interleave at
/// awaits.
/// </summary>
internal sealed partial class ModelQueue(
    LoadKey key, Func<ReplicaKey, IReplicaActor> replicas, LoadWaiters loadWaiters, SiloOptions options,
    TimeProvider time, ILogger<ModelQueue> logger) : IModelActor, IDisposable
{
    // While one request is rendered and tokenized another can decode; more waiting belongs here, where it is fair. What
    // can wait leaves these places to others: there it would stand in front of them until a slot is free.
    private const int AheadOfSlots = 2;

    // The engine packs the inputs of many embedding requests into one batch, whatever its slots.
    private const int EmbeddingsTogether = 32;

    private readonly LinkedList<AdmissionWaiter> _waiting = [];
    private ReplicaHold? _hold;
    private int _presentCount;
    private int _servedCount;
    private int _servedPatientCount;

    /// <summary>Nobody waits or is served: the actor may be forgotten.</summary>
    public bool IsIdle => _presentCount == 0 && _hold is null;

    private ReplicaKey Replica => new(key, 0);

    private bool IsFull => _waiting.Count >= Math.Max(options.SlotQueueLengthMax, options.QueueLengthMax);

    /// <inheritdoc/>
    public IAsyncEnumerable<AdmissionReply> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        EnterAsync(request, cancellationToken)
            .AsItemsAsync(refusal => new AdmissionReply { Refusal = refusal }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _hold?.Release();

    private async IAsyncEnumerable<AdmissionReply> EnterAsync(
        AdmissionRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiter = Join(request, await TakesLoadPlaceAsync(cancellationToken));
        try
        {
            _ = Pump();
            yield return await waiter.Outcome.Task.WaitAsync(cancellationToken);

            // The place is held until the caller leaves.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        finally
        {
            Leave(waiter);

            // Whoever comes after the last request finds the replica idle, and not merely about to be.
            await Pump();
        }
    }

    /// <summary>
    /// Whether the request needs one of the places for those who wait for a load; if so, it is taken.
    /// </summary>
    /// <exception cref="ModelException">There is no place.</exception>
    private async ValueTask<bool> TakesLoadPlaceAsync(CancellationToken cancellationToken)
    {
        var opened = _hold is { IsOpen: true };
        if (!opened && loadWaiters.TryEnter())
        {
            return true;
        }

        // A model that idles in memory waits for nothing, though this queue has not reached for it yet.
        if (opened ? !IsFull : await IsLoadedAsync(cancellationToken) && !IsFull)
        {
            return false;
        }

        Log.QueueFull(logger, key, _waiting.Count);
        throw new ModelException(ModelErrorCode.QueueFull);
    }

    private async Task<bool> IsLoadedAsync(CancellationToken cancellationToken) =>
        await replicas(Replica).StatusAsync(cancellationToken) is { IsLoading: false };

    private AdmissionWaiter Join(AdmissionRequest request, bool waitsForLoad)
    {
        var waiter = new AdmissionWaiter(request, time.GetTimestamp()) { WaitsForLoad = waitsForLoad };
        waiter.Node = Enqueue(waiter);
        _presentCount++;
        return waiter;
    }

    /// <summary>First come, first served; a higher priority counts like an earlier arrival.</summary>
    private LinkedListNode<AdmissionWaiter> Enqueue(AdmissionWaiter waiter)
    {
        var before = _waiting.Last;
        while (before is not null && waiter.RankAt(time) < before.Value.RankAt(time))
        {
            before = before.Previous;
        }

        return before is null ? _waiting.AddFirst(waiter) : _waiting.AddAfter(before, waiter);
    }

    private void Leave(AdmissionWaiter waiter)
    {
        _presentCount--;
        EndLoadWait(waiter);
        if (waiter.Node.List is not null)
        {
            _waiting.Remove(waiter.Node);
        }

        Count(waiter, -1);
    }

    /// <summary>Who waits from now on waits for a slot.</summary>
    private void EndLoadWaits()
    {
        foreach (var waiter in _waiting)
        {
            EndLoadWait(waiter);
        }
    }

    private void EndLoadWait(AdmissionWaiter waiter)
    {
        if (waiter.WaitsForLoad)
        {
            waiter.WaitsForLoad = false;
            loadWaiters.Leave();
        }
    }

    /// <summary>
    /// Brings the hold and the queue into agreement; called after every change of either. The task is a hold's that was
    /// let go, until it has ended.
    /// </summary>
    private Task Pump()
    {
        if (_hold is null && _waiting.First is { } first)
        {
            _hold = new ReplicaHold();
            _hold.Ended = HoldAsync(_hold, first.Value.Request);
        }

        if (_hold is { IsOpen: true } hold)
        {
            Admit(hold);
        }

        if (_presentCount > 0 || _hold is not { } unneeded)
        {
            return Task.CompletedTask;
        }

        _hold = null;
        unneeded.Release();
        return unneeded.Ended;
    }

    private void Admit(ReplicaHold hold)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var (next, waiter) = (node.Next, node.Value);
            if (!waiter.Request.SlotNeeded || OccupiedCount(waiter) < Capacity(waiter, hold))
            {
                _waiting.Remove(node);
                waiter.IsServed = waiter.Request.SlotNeeded;
                Count(waiter, 1);
                waiter.Outcome.TrySetResult(Place(waiter, hold));
            }

            node = next;
        }
    }

    private void Count(AdmissionWaiter waiter, int change)
    {
        if (waiter.IsServed)
        {
            _servedCount += change;
            _servedPatientCount += waiter.IsPatient ? change : 0;
        }
    }

    // The replica's scheduler lets whoever is not patient go in front of those who wait there and are.
    private int OccupiedCount(AdmissionWaiter waiter) =>
        waiter.IsPatient ? _servedCount : _servedCount - Math.Min(_servedPatientCount, AheadOfSlots);

    private static int Capacity(AdmissionWaiter waiter, ReplicaHold hold) =>
        waiter.Request.Plan.Embedding ? EmbeddingsTogether : hold.SlotCount + AheadOfSlots;

    private AdmissionReply Place(AdmissionWaiter waiter, ReplicaHold hold)
    {
        var load = time.GetElapsedTime(waiter.JoinedAt, Math.Max(hold.OpenedAt, waiter.JoinedAt));
        return new AdmissionReply
        {
            Replica = Replica,
            LoadDuration = load,
            QueueWait = time.GetElapsedTime(waiter.JoinedAt) - load,
        };
    }

    /// <summary>Keeps the replica loaded until the hold is released or the replica ends.</summary>
    private async Task HoldAsync(ReplicaHold hold, AdmissionRequest request)
    {
        // Lets the caller finish its change before the first answer can come.
        await Task.Yield();
        var refusal = new Refusal(ModelErrorCode.ShuttingDown, null, null);
        try
        {
            var load = new ReplicaLoad { Plan = request.Plan, KeepAlive = request.KeepAlive, ForQueue = true };
            await foreach (var reply in replicas(Replica).LoadAsync(load, hold.Released))
            {
                refusal = reply.Refusal ?? refusal;
                if (reply.Loaded is { } status)
                {
                    hold.Open(status.SlotCount, time.GetTimestamp());
                    EndLoadWaits();
                    _ = Pump();
                }
            }
        }
        catch (OperationCanceledException) when (hold.Released.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Whoever waits must hear of it; the cause is nothing they could act on.
            Log.HoldFailed(logger, Replica, exception);
            refusal = new Refusal(ModelErrorCode.RunnerStopped, null, null);
        }

        hold.Dispose();
        if (ReferenceEquals(_hold, hold))
        {
            _hold = null;
            RefuseUnlessOpened(hold, refusal);
            _ = Pump();
        }
    }

    /// <summary>
    /// A failed load fails all who waited for it. A replica that ended later is loaded again for the rest.
    /// </summary>
    private void RefuseUnlessOpened(ReplicaHold hold, Refusal refusal)
    {
        while (!hold.IsOpen && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.Outcome.TrySetException(new ModelException(refusal));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A request for {Model} was refused: {WaitingCount} requests are waiting.")]
        public static partial void QueueFull(ILogger logger, LoadKey model, int waitingCount);

        [LoggerMessage(LogLevel.Error, "The hold on {Replica} failed.")]
        public static partial void HoldFailed(ILogger logger, ReplicaKey replica, Exception exception);
    }
}
