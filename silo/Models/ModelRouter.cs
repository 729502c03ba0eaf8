using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The frontend's half of serving: resolves the name, refuses what the model cannot do, and follows the request from
/// its admission to the replica. Runs on request tasks and keeps no state.
/// </summary>
internal sealed partial class ModelRouter(
    IModelSupply supply, ILibrary library, IClusterHost host, PromptAssembler assembler,
    Func<int> contextTokensDefault, SiloOptions silo, TokenMetrics metrics, TimeProvider time,
    ILogger<ModelRouter> logger) : IModels
{
    /// <inheritdoc/>
    public IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, CancellationToken cancellationToken) => request.Deadline is { } deadline
            ? RequestDeadline.KeepAsync(
                request.Model, deadline, time, token => RunAsync(request, token), cancellationToken)
            : RunAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken) =>
        RequestDeadline.KeepAsync(
            request.Model, request.Deadline, time, token => RunAsync(request, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken) =>
        RequestDeadline.KeepAsync(
            request.Model, request.Deadline, time, token => RunAsync(request, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var model = await ResolveAsync(request.Model, cancellationToken);
        var tokenization = new ReplicaTokenization
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            Tokenize = request,
        };
        var (result, loadDuration) = await AskAsync(
            request.Model, tokenization, request.KeepAlive, reply => reply.Tokenized, cancellationToken);
        return result with
        {
            LoadDuration = loadDuration + result.LoadDuration,
            TotalDuration = time.GetElapsedTime(arrived),
        };
    }

    /// <inheritdoc/>
    public async Task<DetokenizeResult> DetokenizeAsync(
        DetokenizeRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var model = await ResolveAsync(request.Model, cancellationToken);
        RequestChecks.CheckTokens(request.Model, request.Tokens, model.WeightsDescription);
        var tokenization = new ReplicaTokenization
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            Detokenize = request,
        };
        var (result, loadDuration) = await AskAsync(
            request.Model, tokenization, request.KeepAlive, reply => reply.Detokenized, cancellationToken);
        return result with
        {
            LoadDuration = loadDuration + result.LoadDuration,
            TotalDuration = time.GetElapsedTime(arrived),
        };
    }

    /// <inheritdoc/>
    public async Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var model = await CheckAsync(request, cancellationToken);
        request = request with { Think = ThinkDefault.Resolve(request.Think, model.Capabilities) };
        try
        {
            var prompt = await Task.Run(
                () => assembler.Assemble(request, model, cancellationToken), cancellationToken);
            return new RenderedPrompt(prompt.Text, prompt.ImageCount);
        }
        catch (Exception exception) when (Refusals.Of(exception) is { } refusal)
        {
            throw new ModelException(refusal with { Model = request.Model }, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var model = await CheckAsync(request, cancellationToken);
        var generation = await ToGenerationAsync(request, model, cancellationToken) with { CountsOnly = true };
        var (usage, _) = await AskAsync(
            request.Model,
            new AdmissionRequest { Plan = generation.Plan, KeepAlive = request.KeepAlive, SlotNeeded = false },
            replica => replica.GenerateAsync(generation, cancellationToken),
            reply => reply.Chunk?.Usage,
            cancellationToken);
        return usage.PromptTokenCount;
    }

    /// <inheritdoc/>
    public async Task LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        var model = await ResolveAsync(request.Model, cancellationToken);
        RequestChecks.CheckCompletion(request.Model, model);
        var load = new ReplicaLoad
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            KeepAlive = request.KeepAlive,
        };
        await AskAsync(
            request.Model,
            new AdmissionRequest { Plan = load.Plan, KeepAlive = load.KeepAlive, SlotNeeded = false },
            replica => replica.LoadAsync(load, cancellationToken),
            reply => reply.Loaded,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task UnloadAsync(string model, CancellationToken cancellationToken)
    {
        // What is not here is not loaded: nobody pulls a model to unload it.
        var resolved = await ResolveAsync(model, library.FindAsync, cancellationToken);

        // Whatever options it was loaded with: the name stands for all of them. Others may go on with the same weights.
        var name = resolved.Name.DisplayName;
        var replicas = (await host.ListReplicasAsync(cancellationToken))
            .Where(status => status.Models.Any(loaded => loaded.Name == name));
        foreach (var status in replicas)
        {
            await host.Replica(status.Key).UnloadAsync(name, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken) =>
        [.. (await host.ListReplicasAsync(cancellationToken))
            .Where(status => !status.IsLoading)
            .SelectMany(status => status.Models)
            .OrderByDescending(status => status.ExpiresAt ?? DateTimeOffset.MaxValue)
            .ThenBy(status => status.Name, StringComparer.Ordinal)];

    private async Task<EmbeddingResult> RunAsync(EmbeddingRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var model = await ResolveAsync(request.Model, cancellationToken);
        if (model.WeightsDescription is not { HasPooling: true, HasRanking: false })
        {
            throw new ModelException(ModelErrorCode.EmbeddingUnsupported, request.Model);
        }

        foreach (var tokens in request.TokenInputs)
        {
            RequestChecks.CheckTokens(request.Model, tokens, model.WeightsDescription);
        }

        var embedding = new ReplicaEmbedding
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            Request = request,
        };
        var (result, loadDuration) = await AskAsync(
            request.Model,
            new AdmissionRequest
            {
                Plan = embedding.Plan,
                KeepAlive = request.KeepAlive,
                Priority = request.Priority,
            },
            replica => replica.EmbedAsync(embedding, cancellationToken),
            reply => reply.Embedding,
            cancellationToken);
        metrics.Count(model.Name.ToString(), result);
        return result with
        {
            LoadDuration = loadDuration + result.LoadDuration,
            TotalDuration = time.GetElapsedTime(arrived),
        };
    }

    private async Task<RerankResult> RunAsync(RerankRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var model = await ResolveAsync(request.Model, cancellationToken);
        RequestChecks.Check(request, model);
        var reranking = new ReplicaReranking
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            Request = request,
        };
        var (result, loadDuration) = await AskAsync(
            request.Model,
            new AdmissionRequest
            {
                Plan = reranking.Plan,
                KeepAlive = request.KeepAlive,
                Priority = request.Priority,
            },
            replica => replica.RerankAsync(reranking, cancellationToken),
            reply => reply.Ranking,
            cancellationToken);
        metrics.Count(model.Name.ToString(), result);
        return result with
        {
            LoadDuration = loadDuration + result.LoadDuration,
            TotalDuration = time.GetElapsedTime(arrived),
        };
    }

    private async IAsyncEnumerable<GenerationChunk> RunAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var model = await CheckAsync(request, cancellationToken);
        var generation = await ToGenerationAsync(request, model, cancellationToken);
        await using var admission = await AdmitAsync(
            request.Model,
            new AdmissionRequest
            {
                Plan = generation.Plan,
                KeepAlive = request.KeepAlive,
                Priority = request.Priority,
            },
            cancellationToken);
        generation = generation with
        {
            Request = generation.Request with { Deadline = RequestDeadline.Rest(request.Deadline, arrived, time) },
        };
        var finished = false;
        await foreach (var reply in host.Replica(admission.Replica).GenerateAsync(generation, cancellationToken))
        {
            if (Accept(reply, request.Model).Chunk is { } chunk)
            {
                finished = chunk.FinishReason is not null;
                if (chunk.Usage is { } usage)
                {
                    metrics.Count(model.Name.ToString(), usage);
                    yield return Complete(chunk, usage, admission.Reply, arrived);
                }
                else
                {
                    yield return chunk;
                }
            }
        }

        if (!finished)
        {
            throw new ModelException(ModelErrorCode.RunnerStopped, request.Model);
        }
    }

    /// <summary>Asks a replica for one thing; also tells how long the model was being loaded before.</summary>
    private async Task<(TResult Result, TimeSpan LoadDuration)> AskAsync<TResult>(
        string model, AdmissionRequest wanted, Func<IReplicaActor, IAsyncEnumerable<ReplicaReply>> ask,
        Func<ReplicaReply, TResult?> find, CancellationToken cancellationToken)
        where TResult : class
    {
        await using var admission = await AdmitAsync(model, wanted, cancellationToken);
        await foreach (var reply in ask(host.Replica(admission.Replica)))
        {
            if (find(Accept(reply, model)) is { } result)
            {
                return (result, admission.Reply.LoadDuration);
            }
        }

        throw new ModelException(ModelErrorCode.RunnerStopped, model);
    }

    private Task<(TResult Result, TimeSpan LoadDuration)> AskAsync<TResult>(
        string model, ReplicaTokenization tokenization, TimeSpan? keepAlive, Func<ReplicaReply, TResult?> find,
        CancellationToken cancellationToken)
        where TResult : class => AskAsync(
            model,
            new AdmissionRequest { Plan = tokenization.Plan, KeepAlive = keepAlive, SlotNeeded = false },
            replica => replica.TokenizeAsync(tokenization, cancellationToken),
            find,
            cancellationToken);

    private async Task<ReplicaGeneration> ToGenerationAsync(
        GenerationRequest request, ModelDescription model, CancellationToken cancellationToken) => new()
        {
            Plan = await PlanAsync(request.Model, request.Options, model, cancellationToken),
            Request = request with { Think = ThinkDefault.Resolve(request.Think, model.Capabilities) },
        };

    private async Task<ModelDescription> CheckAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var model = await ResolveAsync(request.Model, cancellationToken);
        RequestChecks.Check(request, model);
        return model;
    }

    private Task<ModelDescription> ResolveAsync(string model, CancellationToken cancellationToken) =>
        ResolveAsync(model, supply.FindAsync, cancellationToken);

    private static async Task<ModelDescription> ResolveAsync(
        string model, Func<ModelName, CancellationToken, Task<ModelDescription?>> find,
        CancellationToken cancellationToken)
    {
        if (!ModelName.TryParse(model, out var name))
        {
            throw new ModelException(ModelErrorCode.NameInvalid, model);
        }

        try
        {
            return await find(name, cancellationToken)
                ?? throw new ModelException(ModelErrorCode.ModelNotFound, model);
        }
        catch (ModelException exception) when (exception.Refusal.Model is null)
        {
            throw new ModelException(exception.Refusal with { Model = model }, exception);
        }
    }

    private async Task<LoadPlan> PlanAsync(
        string model, IReadOnlyDictionary<string, JsonElement> options, ModelDescription description,
        CancellationToken cancellationToken)
    {
        var read = ModelOptions.Read(model, options, description);
        if (read.UnknownNames.Count > 0)
        {
            Log.UnknownOptions(logger, string.Join(", ", read.UnknownNames));
        }

        description = await NamedDraft.ApplyAsync(model, read.DraftModel, description, supply, cancellationToken);
        return LoadPlanner.Plan(description, read, contextTokensDefault(), silo);
    }

    private async Task<Admission> AdmitAsync(
        string model, AdmissionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Admission.EnterAsync(host.Model(LoadKey.Of(request.Plan)), request, cancellationToken);
        }
        catch (ModelException exception)
        {
            throw new ModelException(exception.Refusal with { Model = model }, exception);
        }
    }

    private static ReplicaReply Accept(ReplicaReply reply, string model) =>
        reply.Refusal is { } refusal ? throw new ModelException(refusal with { Model = model }) : reply;

    private GenerationChunk Complete(
        GenerationChunk chunk, GenerationUsage usage, AdmissionReply admission, long arrived) => chunk with
        {
            Usage = usage with
            {
                TotalDuration = time.GetElapsedTime(arrived),
                LoadDuration = usage.LoadDuration + admission.LoadDuration,
                QueueWait = usage.QueueWait + admission.QueueWait,
            },
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Unknown options were ignored: {Names}.")]
        public static partial void UnknownOptions(ILogger logger, string names);
    }
}
