using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.Silo.Placement;

/// <summary>
/// Who holds this silo's memory. Loads come one at a time, so that each measures what the one before left; when there
/// is no room the least valuable idle replica goes, and while all are in use the load waits. Safe on any thread.
/// </summary>
internal sealed partial class Residency(
    Func<IReadOnlyList<DeviceDescription>> listDevices, SiloOptions options, TimeProvider time,
    ILogger<Residency> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loadGate = new(1, 1);
    private readonly Dictionary<ReplicaKey, (Resident Resident, Func<Task<bool>> Evict)> _residents = [];
    private TaskCompletionSource _changed = NewSignal();
    private readonly MemoryLessons _lessons = new();
    private Reservation? _loading;

    /// <summary>
    /// Makes room and sets memory aside. The caller disposes the result, or keeps the gate closed for ever.
    /// </summary>
    /// <param name="key">Who loads.</param>
    /// <param name="plan">What it loads.</param>
    /// <param name="evict">Unloads that replica if it is still idle; called from any thread.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Reservation> ReserveAsync(
        ReplicaKey key, LoadPlan plan, Func<Task<bool>> evict, CancellationToken cancellationToken)
    {
        await _loadGate.WaitAsync(cancellationToken);
        try
        {
            var slots = await MakeRoomAsync(plan, cancellationToken);
            lock (_lock)
            {
                var resident = new Resident(key, plan.Model.Weights, IsIdle: false, null, time.GetUtcNow());
                _residents.Add(key, (resident, evict));
                return _loading = new Reservation(this, key, slots);
            }
        }
        catch
        {
            _loadGate.Release();
            throw;
        }
    }

    /// <summary>Learns what a load really took, for the next estimate.</summary>
    public void Learn(LoadPlan plan, int cellCount, long totalBytes)
    {
        lock (_lock)
        {
            _lessons.Learn(plan, cellCount, totalBytes);
        }
    }

    /// <summary>What a plan takes at least, and what there is; for whoever is told that it did not suffice.</summary>
    public (long NeededBytes, long FreeBytes) Measure(LoadPlan plan)
    {
        lock (_lock)
        {
            return (_lessons.Estimate(plan).TotalBytes(slotCount: 1), Budget(plan).FreeBytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loadGate.Dispose();

    internal void EndLoad(Reservation reservation)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_loading, reservation))
            {
                return;
            }

            _loading = null;
        }

        _loadGate.Release();
    }

    internal void Mark(ReplicaKey key, bool isIdle, DateTimeOffset? expiresAt)
    {
        lock (_lock)
        {
            if (_residents.TryGetValue(key, out var entry))
            {
                var resident = entry.Resident with
                {
                    IsIdle = isIdle,
                    ExpiresAt = expiresAt,
                    UsedAt = time.GetUtcNow(),
                };
                _residents[key] = entry with { Resident = resident };
                Signal();
            }
        }
    }

    internal void Remove(Reservation reservation)
    {
        EndLoad(reservation);
        lock (_lock)
        {
            _residents.Remove(reservation.Key);
            Signal();
        }
    }

    private async Task<SlotPlan> MakeRoomAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        while (true)
        {
            Resident? victim;
            Func<Task<bool>>? evict = null;
            Task changed;
            var budget = Budget(plan);
            lock (_lock)
            {
                var estimate = _lessons.Estimate(plan);
                var residents = _residents.Values.Select(entry => entry.Resident).ToArray();
                victim = EvictionPolicy.Superseded(residents, plan.Model.Weights);
                if (victim is null && HasRoom(residents.Length, estimate, budget))
                {
                    return SlotCountPolicy.Choose(
                        options.SlotCount, options.CacheUnified, plan.Embedding, estimate, budget);
                }

                victim ??= EvictionPolicy.Choose(residents);
                evict = victim is null ? null : _residents[victim.Key].Evict;
                changed = _changed.Task;
            }

            if (evict is null)
            {
                // Everything loaded is in use; the first to become idle makes room.
                await changed.WaitAsync(cancellationToken);
            }
            else if (await evict())
            {
                Log.Evicted(logger, victim!.Key, plan.Model.Name.DisplayName);
            }
        }
    }

    /// <summary>The first model is always tried: the engine offloads what does not fit.</summary>
    private bool HasRoom(int residentCount, MemoryEstimate estimate, MemoryBudget budget)
    {
        var countMax = options.LoadedModelCountMax > 0 ? options.LoadedModelCountMax : budget.LoadedModelCountMax;
        return residentCount == 0
            || (residentCount < countMax
                && estimate.TotalBytes(Math.Max(options.SlotCount, 1)) <= budget.UsableBytes);
    }

    private MemoryBudget Budget(LoadPlan plan) =>
        MemoryBudget.Of(listDevices(), gpusUsed: plan.GpuLayerCount != 0, options.GpuOverheadBytes);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Replica {Replica} was unloaded to make room for {Model}.")]
        public static partial void Evicted(ILogger logger, ReplicaKey replica, string model);
    }
}
