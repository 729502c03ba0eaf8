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
    private int _runningCount;
    private long _sequenceId;

    /// <summary>Nothing is loaded, loading or waiting: the actor may be forgotten.</summary>
    public bool IsIdle => lifetime.IsIdle;

    /// <inheritdoc/>
    public IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken)
    {
        var replies = request.ForQueue
            ? HoldAsync(request, cancellationToken)
            : LoadAsync(request.Plan, request.KeepAlive, cancellationToken);
        return replies.AsItemsAsync(ToReply, cancellationToken);
    }

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
    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        lifetime.UnloadAsync(name, awaited: _runningCount == 0, cancellationToken);

    /// <inheritdoc/>
    public Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            lifetime.Loaded is { } loaded ? Describe(loaded)
            : lifetime.Loading is { } loading ? Describe(loading)
            : null);

    /// <summary>Stops loading and unloads, whoever is using it.</summary>
    public ValueTask DisposeAsync() => lifetime.DisposeAsync();

    private async IAsyncEnumerable<ReplicaReply> HoldAsync(
        ReplicaLoad request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lifetime.Hold(request.Plan.Model, request.KeepAlive);
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
            lifetime.Release();
        }
    }

    // For somebody who wants the model ready: its adapters and the draft model, too, and to hear when they cannot be
    // loaded.
    private async IAsyncEnumerable<ReplicaReply> LoadAsync(
        LoadPlan plan, TimeSpan? keepAlive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lifetime.Enter(plan.Model, keepAlive);
        try
        {
            var loaded = await lifetime.EnsureLoadedAsync(plan, cancellationToken);
            ThrowIfDraftLeftOut(plan, loaded);
            loaded.Adapters.Leave(await loaded.Adapters.EnterAsync(plan.Model.Adapters, cancellationToken));
            yield return new ReplicaReply { Loaded = Describe(loaded) };
        }
        finally
        {
            lifetime.Leave(plan.Model);
        }
    }

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaGeneration request, CancellationToken cancellationToken)
    {
        return ServeAsync(request.Plan, request.Request.KeepAlive, Generate, cancellationToken);

        IAsyncEnumerable<ReplicaReply> Generate(LoadedModel loaded, TimeSpan loadDuration)
        {
            ThrowIfDraftLeftOut(request.Plan, loaded);
            return WithAdaptersAsync(
                loaded, request.CountsOnly ? [] : request.Plan.Model.Adapters, loadDuration, ReadAsync,
                cancellationToken);
        }

        async IAsyncEnumerable<ReplicaReply> ReadAsync(LoadedModel loaded, long adapterKey, TimeSpan loadDuration)
        {
            await foreach (var chunk in generation.RunAsync(
                request, loaded.Runner, adapterKey, ++_sequenceId, cancellationToken))
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
        ReplicaEmbedding request, CancellationToken cancellationToken) => RunOnceAsync(
        request.Plan, request.Request.KeepAlive,
        async (loaded, adapterKey, loadDuration) =>
        {
            var result = await EmbeddingRun.RunAsync(request, loaded.Runner, adapterKey, cancellationToken);
            return new ReplicaReply { Embedding = result with { LoadDuration = loadDuration } };
        },
        cancellationToken);

    private IAsyncEnumerable<ReplicaReply> RunAsync(
        ReplicaReranking request, CancellationToken cancellationToken) => RunOnceAsync(
        request.Plan, request.Request.KeepAlive,
        async (loaded, adapterKey, loadDuration) =>
        {
            var result = await RerankRun.RunAsync(request, loaded.Runner, adapterKey, cancellationToken);
            return new ReplicaReply { Ranking = result with { LoadDuration = loadDuration } };
        },
        cancellationToken);

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

    /// <summary>Serves what is answered in one piece.</summary>
    private IAsyncEnumerable<ReplicaReply> RunOnceAsync(
        LoadPlan plan, TimeSpan? keepAlive, Func<LoadedModel, long, TimeSpan, Task<ReplicaReply>> run,
        CancellationToken cancellationToken)
    {
        return ServeAsync(plan, keepAlive, WithAdapters, cancellationToken);

        IAsyncEnumerable<ReplicaReply> WithAdapters(LoadedModel loaded, TimeSpan loadDuration) =>
            WithAdaptersAsync(loaded, plan.Model.Adapters, loadDuration, ReplyAsync, cancellationToken);

        async IAsyncEnumerable<ReplicaReply> ReplyAsync(LoadedModel loaded, long adapterKey, TimeSpan loadDuration)
        {
            yield return await run(loaded, adapterKey, loadDuration);
        }
    }

    /// <summary>Keeps adapters loaded while something is computed with them.</summary>
    private async IAsyncEnumerable<ReplicaReply> WithAdaptersAsync(
        LoadedModel loaded, IReadOnlyList<Digest> adapters, TimeSpan loadDuration,
        Func<LoadedModel, long, TimeSpan, IAsyncEnumerable<ReplicaReply>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entered = time.GetTimestamp();
        var set = await loaded.Adapters.EnterAsync(adapters, cancellationToken);
        loadDuration += time.GetElapsedTime(entered);
        try
        {
            await foreach (var reply in run(loaded, set.Key, loadDuration))
            {
                yield return reply;
            }
        }
        finally
        {
            loaded.Adapters.Leave(set);
        }
    }

    /// <summary>Keeps the model loaded while a request runs on it.</summary>
    private async IAsyncEnumerable<ReplicaReply> ServeAsync(
        LoadPlan plan, TimeSpan? keepAlive, Func<LoadedModel, TimeSpan, IAsyncEnumerable<ReplicaReply>> run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lifetime.Enter(plan.Model, keepAlive);
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
            lifetime.Leave(plan.Model);
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
        return new ReplicaStatus
        {
            Key = key,
            Weights = loaded.Plan.Model.Weights,
            SlotCount = runner.SlotCount,
            RunningCount = _runningCount,
            Models = [.. lifetime.Names.Select(name => Describe(name.Model, name.ExpiresAt))],
        };

        LoadedModelStatus Describe(ModelDescription model, DateTimeOffset? expiresAt)
        {
            var adapters = loaded.Adapters.Measure(model.Adapters);
            return ModelReplica.Describe(model, runner.ContextTokens) with
            {
                TotalBytes = runner.TotalBytes + adapters.TotalBytes,
                VramBytes = runner.VramBytes + adapters.VramBytes,
                ExpiresAt = expiresAt,
            };
        }
    }

    private ReplicaStatus Describe(LoadPlan loading) => new()
    {
        Key = key,
        Weights = loading.Model.Weights,
        IsLoading = true,
        Models = [.. lifetime.Names.Select(name => Describe(name.Model, loading.ContextTokens))],
    };

    private static LoadedModelStatus Describe(ModelDescription model, int contextTokens) => new()
    {
        Name = model.Name.DisplayName,
        ManifestDigestHex = model.ManifestDigest.Hex,
        Details = model.Details,
        ContextTokens = contextTokens,
    };

    // A draft model that is a layer is left out quietly, since answers are the same; whoever names one wants to know.
    private static void ThrowIfDraftLeftOut(LoadPlan plan, LoadedModel loaded)
    {
        if (plan.Draft is { Name: { } name } && loaded.Runner.Description.DraftRefusal is { } reason)
        {
            throw NamedDraft.Refuse(null, name, reason);
        }
    }

    private static ReplicaReply ToReply(Refusal refusal) => new() { Refusal = refusal };
}
