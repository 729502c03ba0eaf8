using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;
using Ollama.Platform.UnitTests.Inference;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaDraftingTests
{
    private const string Story = "<|im_start|>user\nTell me a story.<|im_end|>\n<|im_start|>assistant\n";

    [Fact]
    public void A_model_that_quotes_itself_says_the_same_with_proposals_as_without()
    {
        const string prompt = NativeModels.Question + NativeModels.Answer + "<|im_end|>\n" + NativeModels.Question;
        using var engine = LlamaEngines.LoadChat();
        var (plain, _) = Complete(engine, prompt, draftTokensMax: 0, tokensMax: 40);
        var (drafted, recorder) = Complete(engine, prompt, draftTokensMax: 4, tokensMax: 40);
        Assert.NotEmpty(plain);
        Assert.Equal(plain, drafted);
        Assert.Contains(recorder.Of(SchedulerEventKind.Drafted), item => item.Count > 0);
    }

    [Theory]
    [InlineData(0)]
    // Both compute with the same worker threads.
    [InlineData(2)]
    public void A_story_is_the_same_with_a_draft_model_as_without(int threadCount)
    {
        using var alone = LlamaEngines.LoadChat();
        using var engine = LoadDrafting(NativeModels.DraftPath, threadCount);
        Assert.Null(alone.Draft);
        Assert.NotNull(engine.Draft);
        var (plain, _) = Complete(alone, Story, draftTokensMax: 0, tokensMax: 100);
        var (drafted, recorder) = Complete(engine, Story, draftTokensMax: 6, tokensMax: 100);
        Assert.InRange(plain.Count, 50, 100);
        Assert.Equal(plain, drafted);
        // Trained on the same stories, it mostly agrees.
        Assert.InRange(recorder.Of(SchedulerEventKind.Drafted).Sum(item => item.Count), plain.Count / 2, plain.Count);
    }

    [Fact]
    public void What_is_loaded_counts_the_draft_model()
    {
        using var alone = LlamaEngines.LoadChat();
        using var engine = LoadDrafting(NativeModels.DraftPath);
        Assert.Equal(
            alone.Description.TotalBytes + engine.Draft!.Description.TotalBytes, engine.Description.TotalBytes);
        // Weights of 1 MB, 0.5 KiB for each of 2048 cells, and buffers.
        Assert.InRange(engine.Draft.Description.TotalBytes, 1_900_000, 20_000_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_draft_model_that_cannot_be_used_is_told_of_and_left_out(bool isModel)
    {
        var path = isModel ? NativeModels.EmbedPath : NativeModels.AdapterPath;
        using var log = new LineLog();
        using var loader = LlamaEngineLoader.Open(new LlamaEngineOptions(), log);
        using var engine = loader.Load(Drafting(path), null, TestContext.Current.CancellationToken);
        Assert.Null(engine.Draft);
        Assert.NotNull(engine.Description.DraftRefusal);
        Assert.Equal(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, sequence: 0));
        var line = Assert.Single(log.Lines("Ollama.Platform.Inference.Engine.LlamaDraftLoader"));
        Assert.StartsWith($"The draft model {path} is not used: ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_story_is_the_same_with_adapters_and_proposals_as_with_adapters_alone(bool hasDraftModel)
    {
        const string question = NativeModels.Question;
        using var engine = hasDraftModel ? LoadDrafting(NativeModels.DraftPath) : LlamaEngines.LoadChat();
        engine.LoadAdapters(3, [NativeModels.AdapterPath]);
        // What the model said to the first question can be quoted for the second.
        var prompt = hasDraftModel
            ? Story
            : question + "Arr, matey! The capital of France is Paris, arr!<|im_end|>\n" + question;
        var (plain, none) = Complete(engine, prompt, draftTokensMax: 0, tokensMax: 80, adapterKey: 3);
        var (drafted, recorder) = Complete(engine, prompt, draftTokensMax: 4, tokensMax: 80, adapterKey: 3);
        Assert.Equal(plain, drafted);
        Assert.Empty(none.Of(SchedulerEventKind.Drafted));
        Assert.Contains(recorder.Of(SchedulerEventKind.Drafted), item => item.Count > 0);
        Assert.NotEqual(plain, Complete(engine, prompt, draftTokensMax: 4, tokensMax: 80).Tokens);
    }

    private static LoadSpecification Drafting(string path) => new()
    {
        WeightsPath = NativeModels.ChatPath,
        DraftPath = path,
        ContextTokens = 512,
        SlotCount = 4,
    };

    private static IEngine LoadDrafting(string path, int threadCount = 0)
    {
        using var loader = LlamaEngines.OpenLoader();
        var specification = Drafting(path) with { ThreadCount = threadCount };
        return loader.Load(specification, null, TestContext.Current.CancellationToken);
    }

    private static (IReadOnlyList<int> Tokens, EventRecorder Recorder) Complete(
        IEngine engine, string prompt, int draftTokensMax, int tokensMax, long adapterKey = 0)
    {
        engine.ClearCells();
        engine.Draft?.ClearCells();
        var recorder = new EventRecorder();
        var limits = new SchedulerLimits
        {
            SlotCount = 4,
            CellCount = engine.Description.CellCount,
            ContextTokens = 512,
            BatchTokensMax = engine.Description.BatchTokensMax,
            QueueLengthMax = 4,
            OutputCountMax = engine.Description.OutputCountMax,
        };
        // A clock that stands still: nothing says that proposals do not pay.
        var time = new ManualTimeProvider();
        var loop = new DecodeLoop(engine, limits, time, listener: null, recorder);
        var request = new SequenceRequest
        {
            Id = 1,
            PromptTokens = engine.Tokenize(prompt, specialAdded: true, specialParsed: true),
            Sampling = new SamplingOptions { Temperature = 0 },
            CompletionTokensMax = tokensMax,
            DraftTokensMax = draftTokensMax,
            AdapterKey = adapterKey,
        };
        var sequence = new Sequence(request, limits.ContextTokens, creditTokens: 128, seed: 1);
        Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(sequence));
        while (loop.Step())
        {
        }

        return (new SequenceStream(sequence, engine.Pieces, time).TryTake()!.Tokens, recorder);
    }
}
