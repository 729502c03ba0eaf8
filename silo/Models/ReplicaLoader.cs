using System.Globalization;
using Microsoft.Extensions.Logging;
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
internal sealed partial class ReplicaLoader(
    IRunnerLoader loader, Residency residency, BlobPath blobPath, SiloOptions options, TimeProvider time,
    ILogger<ReplicaLoader> logger)
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
        var draftPath = plan.Draft is { } draft ? Find(draft.Weights) : null;
        var reservation = await ReserveAsync(key, plan, evict, unwanted, cancellationToken);
        try
        {
            var specification = new LoadSpecification
            {
                WeightsPath = weightsPath,
                DraftPath = draftPath,
                Embedding = plan.Embedding,
                ContextTokens = plan.ContextTokens,
                SlotCount = reservation.Slots.SlotCount,
                CellCount = (int)Math.Min((long)reservation.Slots.ContextCount * plan.ContextTokens, int.MaxValue),
                CacheUnified = reservation.Slots.CacheUnified,
                BatchTokens = plan.BatchTokens,
                GpuLayerCount = plan.GpuLayerCount,
                MainGpu = plan.MainGpu,
                MemoryMapped = plan.MemoryMapped,
                ThreadCount = plan.ThreadCount,
                KeyValueType = plan.KeyValueType,
                FlashAttention = plan.FlashAttention,
                GpusSpread = options.GpusSpread,
                GpuOverheadBytes = options.GpuOverheadBytes,
                RopeFrequencyBase = plan.RopeFrequencyBase,
                RopeFrequencyScale = plan.RopeFrequencyScale,
                TokenDelayMax = options.TokenDelayMax,
                PrefixCacheBytes = plan.Embedding
                    ? 0
                    : PrefixCacheBudget.Choose(options.PrefixCacheMebibytes, loader.ListDevices()),
            };
            if (!plan.Embedding && plan.KeyValueType != options.KeyValueType)
            {
                Log.KeptOtherwise(logger, plan.Model.Name.DisplayName, plan.KeyValueType, options.KeyValueType);
            }

            var runner = await StartAsync(specification, plan, cancellationToken);
            var description = runner.Description;
            residency.Learn(plan, description.CellCount, description.TotalBytes);
            reservation.LoadEnded();
            return new LoadedModel(runner, plan, reservation, new AdapterSets(runner, blobPath));
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

    /// <summary>Loads what was asked for, or what of it fits into memory.</summary>
    private async Task<IModelRunner> StartAsync(
        LoadSpecification specification, LoadPlan plan, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await StartAsync(specification, stopping);
            }
            catch (ModelException failure) when (failure.Refusal.Code == ModelErrorCode.MemoryExceeded)
            {
                specification = SmallerLoadPolicy.Next(specification, plan.ContextAutomatic)
                    ?? throw MemoryExceeded(plan, failure);
                Log.TriedSmaller(
                    logger, plan.Model.Name.DisplayName, specification.SlotCount, specification.ContextTokens);
            }
        }
    }

    private ModelException MemoryExceeded(LoadPlan plan, ModelException cause)
    {
        var (needed, free) = residency.Measure(plan);

        // What seems to be free is not always to be had: an operator has limited it, or another program was faster.
        var detail = needed > free
            ? $"model requires more system memory ({ToGibibytes(needed)}) than is available ({ToGibibytes(free)})"
            : $"model requires more memory ({ToGibibytes(needed)}) than could be had, although {ToGibibytes(free)} "
                + $"seem to be free: {cause.Refusal.Detail}";
        return new ModelException(new Refusal(ModelErrorCode.MemoryExceeded, null, detail), cause);
    }

    private static string ToGibibytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");

    private async Task<IModelRunner> StartAsync(LoadSpecification specification, CancellationToken stopping)
    {
        // A large model on a slow disk may take its time, as long as it gets on.
        var limit = options.LoadTimeout > TimeSpan.Zero ? options.LoadTimeout : Timeout.InfiniteTimeSpan;
        using var stalled = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, stopping);
        var progress = new Progress(() => stalled.CancelAfter(limit));
        try
        {
            // On the pool: a loader may compute before its first await, and must not do so in the replica's turn.
            return await Task.Run(() => loader.LoadAsync(specification, progress, either.Token), either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested)
        {
            throw new ModelException(
                ModelErrorCode.LoadTimedOut, null,
                $"timed out waiting for the model to load - no progress for {options.LoadTimeout}");
        }
    }

    private string Find(Digest digest) =>
        blobPath(digest) ?? throw new ModelException(ModelErrorCode.BlobMissing, null, digest.ToString());

    /// <summary>Tells that a load gets on. The library reports the same fraction again while it waits.</summary>
    private sealed class Progress(Action advanced) : IProgress<float>
    {
        private float _fraction = -1;

        public void Report(float value)
        {
            if (value > _fraction)
            {
                _fraction = value;
                advanced();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "The KV cache of {Model} is kept as {Type} and not as {TypeSet}, which needs flash attention and heads that"
            + " are a multiple of 32 wide.")]
        public static partial void KeptOtherwise(
            ILogger logger, string model, KeyValueType type, KeyValueType typeSet);

        [LoggerMessage(LogLevel.Warning,
            "Memory did not suffice for {Model}; trying {SlotCount} slots of {ContextTokens} tokens.")]
        public static partial void TriedSmaller(ILogger logger, string model, int slotCount, int contextTokens);
    }
}
