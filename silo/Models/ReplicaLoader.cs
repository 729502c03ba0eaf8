using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Silo.Placement;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Loads one model: makes room, starts the runner, gives up in time. Touches no state of the replica.
/// </summary>
internal sealed class ReplicaLoader(
    IRunnerLoader loader, Residency residency, BlobPath blobPath, SiloOptions options, TimeProvider time)
{
    /// <summary>Loads.</summary>
    /// <param name="key">Which replica.</param>
    /// <param name="plan">What to load.</param>
    /// <param name="evict">Unloads the replica again if it is idle.</param>
    /// <param name="unwanted">Nobody waits any more; gives up waiting for room, but not the load itself.</param>
    /// <param name="cancellationToken">The silo stops.</param>
    /// <exception cref="ModelException">The load failed or took too long.</exception>
    public async Task<LoadedModel> LoadAsync(
        ReplicaKey key, LoadPlan plan, Func<Task<bool>> evict, CancellationToken unwanted,
        CancellationToken cancellationToken)
    {
        var weightsPath = Find(plan.Model.Weights);
        var adapterPaths = plan.Model.Adapters.Select(Find).ToArray();
        var reservation = await ReserveAsync(key, plan, evict, unwanted, cancellationToken);
        try
        {
            var specification = new LoadSpecification
            {
                WeightsPath = weightsPath,
                AdapterPaths = adapterPaths,
                Embedding = plan.Embedding,
                ContextTokens = plan.ContextTokens,
                SlotCount = reservation.Slots.SlotCount,
                CellCount = (int)Math.Min((long)reservation.Slots.ContextCount * plan.ContextTokens, int.MaxValue),
                BatchTokens = plan.BatchTokens,
                GpuLayerCount = plan.GpuLayerCount,
                MainGpu = plan.MainGpu,
                MemoryMapped = plan.MemoryMapped,
                ThreadCount = plan.ThreadCount,
                TokenDelayMax = options.TokenDelayMax,
                PrefixCacheBytes = plan.Embedding
                    ? 0
                    : PrefixCacheBudget.Choose(options.PrefixCacheMebibytes, loader.ListDevices()),
            };
            var runner = await StartAsync(specification, cancellationToken);
            reservation.LoadEnded();
            return new LoadedModel(runner, plan, reservation);
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    private async Task<Reservation> ReserveAsync(
        ReplicaKey key, LoadPlan plan, Func<Task<bool>> evict, CancellationToken unwanted, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(unwanted, stopping);
        return await residency.ReserveAsync(key, plan, evict, either.Token);
    }

    private async Task<IModelRunner> StartAsync(LoadSpecification specification, CancellationToken stopping)
    {
        var limited = options.LoadTimeout > TimeSpan.Zero;
        using var timeout = new CancellationTokenSource(
            limited ? options.LoadTimeout : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            // On the pool: a loader may compute before its first await, and must not do so in the replica's turn.
            return await Task.Run(() => loader.LoadAsync(specification, either.Token), either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ModelException(
                ModelErrorCode.LoadTimedOut, null, $"the model was not loaded within {options.LoadTimeout}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
    }

    private string Find(Digest digest) =>
        blobPath(digest) ?? throw new ModelException(ModelErrorCode.BlobMissing, null, digest.ToString());
}
