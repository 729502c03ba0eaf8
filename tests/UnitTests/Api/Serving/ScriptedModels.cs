using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>Models that say what a test told them, and remember what they were asked.</summary>
internal sealed class ScriptedModels(ScriptedLibrary library) : IModels
{
    /// <summary>How often the server shows a sign of life.</summary>
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<object> Calls { get; } = [];

    /// <summary>What a run produces.</summary>
    public IReadOnlyList<GenerationChunk> Chunks { get; set; } = [];

    /// <summary>The clock of the server.</summary>
    public FixedTime Time { get; } = new();

    /// <summary>Heartbeats for which a run waits before it begins.</summary>
    public int BeatCount { get; set; }

    /// <summary>Heartbeats for which the first waits that needs a model.</summary>
    public int PullBeatCount { get; set; }

    /// <summary>Thrown before anything is produced.</summary>
    public ModelException? Refusal { get; set; }

    /// <summary>Thrown after all chunks.</summary>
    public ModelException? Failure { get; set; }

    /// <summary>Thrown in place of any answer: a bug.</summary>
    public Exception? Bug { get; set; }

    /// <summary>Thrown in place of any chunk: a bug that only a run meets.</summary>
    public Exception? RunBug { get; set; }

    /// <summary>Requests that run without producing anything until they are canceled.</summary>
    public Func<GenerationRequest, bool>? Hold { get; set; }

    /// <summary>After all chunks the run goes on without producing anything.</summary>
    public bool HangsAtEnd { get; set; }

    /// <summary>The answer to embedding requests.</summary>
    public EmbeddingResult Embedding { get; set; } = new() { Vectors = [] };

    /// <summary>Answers embedding requests in place of <see cref="Embedding"/>; null for that.</summary>
    public Func<EmbeddingRequest, CancellationToken, Task<EmbeddingResult>>? Embeds { get; set; }

    /// <summary>The active replicas.</summary>
    public IReadOnlyList<LoadedModelStatus> Loaded { get; set; } = [];

    /// <summary>Holds runs back until their chunks are read.</summary>
    public FlushGate Gate { get; set; } = new();

    /// <summary>Completes when a run was canceled.</summary>
    public TaskCompletionSource Canceled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        try
        {
            await WaitAsync(BeatCount, cancellationToken);

            await CheckAsync(request.Model, cancellationToken, model => CheckCapabilities(model, request));
            CheckTokens(request.Model, request.PromptTokens);
            if (RunBug is not null)
            {
                throw RunBug;
            }

            if (Hold?.Invoke(request) == true)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            foreach (var chunk in Chunks)
            {
                yield return chunk;
                await Gate.PassAsync(cancellationToken);
            }

            if (HangsAtEnd)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            if (Failure is not null)
            {
                throw Failure;
            }
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Canceled.TrySetResult();
            }
        }
    }

    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken);
        CheckTokens(request.Model, [.. request.TokenInputs.SelectMany(tokens => tokens)]);
        return request.Inputs.Count + request.TokenInputs.Count == 0 ? new EmbeddingResult { Vectors = [] }
            : Embeds is null ? Embedding
            : await Embeds(request, cancellationToken);
    }

    public async Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken);
        return new RenderedPrompt("<|im_start|>user\nHi<|im_end|>", request.Images.Count);
    }

    public async Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken, model => CheckCapabilities(model, request));
        return request.Messages.Sum(message => message.Content.Length);
    }

    public async Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken);
        return new RerankResult
        {
            Scores = [.. request.Documents.Select(text => request.RawScores ? text.Length : text.Length / 10f)],
            PromptTokenCount = request.Documents.Sum(text => text.Length + request.Query.Length),
            TotalDuration = TimeSpan.FromMilliseconds(20),
            LoadDuration = TimeSpan.FromMilliseconds(3),
        };
    }

    public async Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken);
        int[] tokens = [.. request.Text.Select(character => (int)character)];
        return new TokenizeResult
        {
            Tokens = request.SpecialAdded ? [1, .. tokens] : tokens,
            TotalDuration = TimeSpan.FromMilliseconds(5),
            LoadDuration = TimeSpan.FromMilliseconds(2),
        };
    }

    public async Task<DetokenizeResult> DetokenizeAsync(
        DetokenizeRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken);
        CheckTokens(request.Model, request.Tokens);
        return new DetokenizeResult
        {
            Text = string.Concat(request.Tokens.Select(token => (char)token)),
            TotalDuration = TimeSpan.FromMilliseconds(5),
        };
    }

    public async Task LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        Calls.Enqueue(request);
        await CheckAsync(request.Model, cancellationToken, CheckCompletion);
    }

    public Task UnloadAsync(string model, CancellationToken cancellationToken)
    {
        Calls.Enqueue(model);
        return Task.CompletedTask;
    }

    /// <summary>Brings the model that is needed.</summary>
    public Task PullAsync(CancellationToken cancellationToken)
    {
        var count = PullBeatCount;
        PullBeatCount = 0;
        return WaitAsync(count, cancellationToken);
    }

    private async Task WaitAsync(int beatCount, CancellationToken cancellationToken)
    {
        for (var beat = 0; beat < beatCount; beat++)
        {
            // Not before the server waits.
            await Task.Yield();
            Time.Advance(Heartbeat);
            await Gate.PassAsync(cancellationToken);
        }
    }

    public Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Loaded);

    /// <summary>Every model has a vocabulary of 128 tokens, which are characters.</summary>
    private static void CheckTokens(string model, IReadOnlyList<int> tokens)
    {
        if (tokens.Any(token => token is < 0 or > 127))
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, model,
                $"{tokens.First(token => token is < 0 or > 127)} is no token of this model, whose vocabulary has 128");
        }
    }

    private static void CheckCapabilities(ModelDescription model, GenerationRequest request)
    {
        if (request.Think?.Enabled == true && !model.Capabilities.Contains(ModelCapability.Thinking))
        {
            throw new ModelException(ModelErrorCode.ThinkingUnsupported, request.Model);
        }

        CheckCompletion(model);
        var missing = new List<string>();
        Need(request.Tools.Count > 0, ModelCapability.Tools);
        Need(request.Suffix is not null, ModelCapability.Insert);
        Need(
            request.Images.Count > 0 || request.Messages.Any(message => message.Images.Count > 0),
            ModelCapability.Vision);
        if (missing.Count > 0)
        {
            throw new ModelException(ModelErrorCode.CapabilityMissing, request.Model, string.Join(',', missing));
        }

        void Need(bool asked, ModelCapability capability)
        {
            if (asked && !model.Capabilities.Contains(capability))
            {
                missing.Add(capability.ToString().ToLowerInvariant());
            }
        }
    }

    private static void CheckCompletion(ModelDescription model)
    {
        if (!model.Capabilities.Contains(ModelCapability.Completion))
        {
            throw new ModelException(ModelErrorCode.CapabilityMissing, model.Name.DisplayName, "completion");
        }
    }

    private async Task CheckAsync(
        string name, CancellationToken cancellationToken, Action<ModelDescription>? check = null)
    {
        if (Bug is not null)
        {
            throw Bug;
        }

        Assert.True(ModelName.TryParse(name, out var parsed), "Names are checked before a model is asked.");
        await PullAsync(cancellationToken);
        var model = await library.FindAsync(parsed, cancellationToken)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, name);
        check?.Invoke(model);
        if (Refusal is not null)
        {
            throw Refusal;
        }
    }
}
