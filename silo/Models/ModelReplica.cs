using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The behaviour of a replica: serves requests on the model that its lifetime keeps loaded. Every member runs in the
/// turns of one actor, which interleave at awaits; so there is no lock.
/// </summary>
internal sealed class ModelReplica(
    ReplicaKey key, ReplicaLifetime lifetime, GenerationRun generation, TimeProvider time)
    : IReplicaActor, IAsyncDisposable
{
    private ModelDescription? _model;
    private int _runningCount;
    private long _sequenceId;

    /// <summary>Nothing is loaded, loading or waiting: the actor may be forgotten.</summary>
    public bool IsIdle => lifetime.IsIdle;

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken) =>
        HoldAsync(request, cancellationToken).AsItemsAsync(ToReply, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> GenerateAsync(
        ReplicaGeneration request, CancellationToken cancellationToken) =>
        RunAsync(request, cancellationToken).AsItemsAsync(ToReply, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> EmbedAsync(ReplicaEmbedding request, CancellationToken cancellationToken) =>
        RunAsync(request, cancellationToken).AsItemsAsync(ToReply, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> RerankAsync(
        ReplicaReranking request, CancellationToken cancellationToken) =>
        RunAsync(request, cancellationToken).AsItemsAsync(ToReply, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> TokenizeAsync(
        ReplicaTokenization request, CancellationToken cancellationToken) =>
        RunAsync(request, cancellationToken).AsItemsAsync(ToReply, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Without a running request the model is only held: somebody is about to begin or has just ended, and the caller
    /// may expect to find it gone.
    /// </remarks>
    public Task UnloadAsync(CancellationToken cancellationToken) =>
        lifetime.UnloadAsync(awaited: _runningCount == 0, cancellationToken);

    /// <inheritdoc/>
    public Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            lifetime.Loaded is { } loaded ? Describe(loaded)
            : lifetime.Loading is { } loading ? Describe(loading, _model ?? loading.Model)
            : null);

    /// <summary>Stops loading and unloads, whoever is using it.</summary>
    public ValueTask DisposeAsync() => lifetime.DisposeAsync();

    private async IAsyncEnumerable<ReplicaReply> HoldAsync(
        ReplicaLoad request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lifetime.Enter(request.KeepAlive);
        try
        {
            var loaded = await lifetime.EnsureLoadedAsync(request.Plan, cancellationToken);
            yield return new ReplicaReply { Loaded = Describe(loaded) };
            if (await loaded.Runner.Ended.WaitAsync(cancellationToken) is { } reason)
            {
                throw new ModelException(ModelErrorCode.RunnerStopped, null, reason);
            }
        }
        finally
        {
            lifetime.Leave();
        }
    }

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaGeneration request, CancellationToken cancellationToken)
    {
        return ServeAsync(request.Plan, request.Request.KeepAlive, Generate, cancellationToken);

        async IAsyncEnumerable<ReplicaReply> Generate(LoadedModel loaded, TimeSpan loadDuration)
        {
            await foreach (var chunk in generation.RunAsync(
                request, loaded.Runner, ++_sequenceId, cancellationToken))
            {
                yield return new ReplicaReply
                {
                    Chunk = chunk.Usage is null
                        ? chunk
                        : chunk with { Usage = chunk.Usage with { LoadDuration = loadDuration } },
                };
            }
        }
    }

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaEmbedding request, CancellationToken cancellationToken)
    {
        return ServeAsync(request.Plan, request.Request.KeepAlive, Embed, cancellationToken);

        async IAsyncEnumerable<ReplicaReply> Embed(LoadedModel loaded, TimeSpan loadDuration)
        {
            var result = await EmbeddingRun.RunAsync(request, loaded.Runner, cancellationToken);
            yield return new ReplicaReply { Embedding = result with { LoadDuration = loadDuration } };
        }
    }

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaReranking request, CancellationToken cancellationToken)
    {
        return ServeAsync(request.Plan, request.Request.KeepAlive, Rerank, cancellationToken);

        async IAsyncEnumerable<ReplicaReply> Rerank(LoadedModel loaded, TimeSpan loadDuration)
        {
            var result = await RerankRun.RunAsync(request, loaded.Runner, cancellationToken);
            yield return new ReplicaReply { Ranking = result with { LoadDuration = loadDuration } };
        }
    }

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaTokenization request, CancellationToken cancellationToken)
    {
        var keepAlive = request.Tokenize?.KeepAlive ?? request.Detokenize?.KeepAlive;
        return ServeAsync(request.Plan, keepAlive, Tokenize, cancellationToken);

        async IAsyncEnumerable<ReplicaReply> Tokenize(LoadedModel loaded, TimeSpan loadDuration)
        {
            yield return await TokenizationRun.RunAsync(request, loaded.Runner, loadDuration, cancellationToken);
        }
    }

    /// <summary>Keeps the model loaded while a request runs on it.</summary>
    private async IAsyncEnumerable<ReplicaReply> ServeAsync(
        LoadPlan plan, TimeSpan? keepAlive, Func<LoadedModel, TimeSpan, IAsyncEnumerable<ReplicaReply>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lifetime.Enter(keepAlive);
        _runningCount++;
        try
        {
            await foreach (var reply in OnceMoreAsync(plan, run, cancellationToken))
            {
                yield return reply;
            }
        }
        finally
        {
            _runningCount--;
            lifetime.Leave();
        }
    }

    /// <summary>
    /// Runs a request on the loaded model, and once more when the runner ends before the client was sent anything: it
    /// need not know. Not more often, or a request that crashes runners would go on for ever.
    /// </summary>
    private async IAsyncEnumerable<ReplicaReply> OnceMoreAsync(
        LoadPlan plan, Func<LoadedModel, TimeSpan, IAsyncEnumerable<ReplicaReply>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var loaded = await lifetime.EnsureLoadedAsync(plan, cancellationToken);
            _model = plan.Model;
            await using var replies = run(loaded, time.GetElapsedTime(arrived)).GetAsyncEnumerator(cancellationToken);
            bool any;
            try
            {
                any = await replies.MoveNextAsync();
            }
            catch (ModelException stopped) when (
                stopped.Refusal.Code == ModelErrorCode.RunnerStopped && attempt == 1
                && lifetime.GiveUp(loaded, stopped.Refusal.Detail))
            {
                continue;
            }

            for (; any; any = await replies.MoveNextAsync())
            {
                yield return replies.Current;
            }

            yield break;
        }
    }

    private ReplicaStatus Describe(LoadedModel loaded)
    {
        var runner = loaded.Runner.Description;
        var status = Describe(loaded.Plan, _model ?? loaded.Plan.Model);
        return status with
        {
            IsLoading = false,
            SlotCount = runner.SlotCount,
            RunningCount = _runningCount,
            Model = status.Model with
            {
                TotalBytes = runner.TotalBytes,
                VramBytes = runner.VramBytes,
                ContextTokens = runner.ContextTokens,
                ExpiresAt = lifetime.ExpiresAt,
            },
        };
    }

    private ReplicaStatus Describe(LoadPlan plan, ModelDescription model) => new()
    {
        Key = key,
        Weights = plan.Model.Weights,
        Adapters = plan.Model.Adapters,
        IsLoading = true,
        Model = new LoadedModelStatus
        {
            Name = model.Name.DisplayName,
            ManifestDigestHex = model.ManifestDigest.Hex,
            Details = model.Details,
            ContextTokens = plan.ContextTokens,
        },
    };

    private static ReplicaReply ToReply(Refusal refusal) => new() { Refusal = refusal };
}
