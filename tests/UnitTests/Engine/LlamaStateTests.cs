using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;
using Ollama.Platform.UnitTests.Inference;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>
/// Models whose state is no plain list of cells: recurrent ones, hybrid ones, and those that see a window; also where
/// each sequence has a cache of its own. Whatever is kept, shared, copied, moved to RAM or begun again, each sequence
/// has the tokens that it has alone.
/// </summary>
public sealed class LlamaStateTests : IDisposable
{
    private const int ContextTokens = 256;

    private const string Apart = ", apart";

    private static readonly Dictionary<string, Func<byte[]>> Models = new()
    {
        ["recurrent"] = RandomWeights.Recurrent,
        ["hybrid"] = RandomWeights.Hybrid,
        ["window"] = RandomWeights.SlidingWindow,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("state-").FullName;
    private readonly List<IEngine> _engines = [];

    public static TheoryData<string> Names => [.. Models.Keys, .. Models.Keys.Select(name => name + Apart)];

    public void Dispose()
    {
        _engines.ForEach(engine => engine.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sequences_together_have_the_tokens_that_each_has_alone(string model)
    {
        var engine = Load(model);
        var requests = Enumerable.Range(0, 6).Select(index => Request(Prompt(index, 20 + (index * 13)), 30)).ToList();
        var (loop, _) = Loop(engine);
        var sequences = requests.ConvertAll(request => Submit(loop, request));
        StepUntilIdle(loop);
        var together = sequences.ConvertAll(sequence => Read(engine, sequence).Tokens);
        Assert.InRange(together.SelectMany(tokens => tokens).Distinct().Count(), 20, int.MaxValue);
        Assert.All(requests.Zip(together), pair => AssertAsAlone(engine, pair.First, pair.Second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_conversation_goes_on_as_if_it_were_computed_anew(string model)
    {
        var engine = Load(model);
        var cuts = engine.Description.CanCut;
        Assert.Equal(model.StartsWith("window", StringComparison.Ordinal), cuts);
        var (loop, _) = Loop(engine);
        var opening = Prompt(1, 60);
        var first = Complete(engine, loop, Request(opening, 25));
        var second = Complete(engine, loop, Request([.. opening, .. first.Tokens, .. Prompt(2, 9)], 25));
        // The last token was sampled and not computed.
        Assert.Equal(60 + 24, second.Usage!.CachedTokenCount);
        // Another turn after the same question: only what was kept at the end of the question can serve it.
        var third = Complete(engine, loop, Request([.. opening, .. Prompt(3, 12)], 25));
        Assert.Equal(60, third.Usage!.CachedTokenCount);

        var fresh = Load(model);
        AssertAsAlone(fresh, Request([.. opening, .. first.Tokens, .. Prompt(2, 9)], 25), second.Tokens);
        AssertAsAlone(fresh, Request([.. opening, .. Prompt(3, 12)], 25), third.Tokens);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Too_few_cells_and_many_conversations_change_nothing(string model)
    {
        var expected = Load(model);
        var engine = Load(model, cellCount: ContextTokens + 64);
        var (loop, _) = Loop(engine);
        List<(SequenceRequest Request, Sequence Sequence)> turns = [];
        for (var round = 0; round < 3; round++)
        {
            var begun = Enumerable.Range(0, 6)
                .Select(index => Request([.. Prompt(7, 30), .. Prompt(index, 40 + (round * 15))], 20))
                .Select(request => (request, Submit(loop, request))).ToList();
            StepUntilIdle(loop);
            turns.AddRange(begun);
        }

        foreach (var (request, sequence) in turns)
        {
            AssertAsAlone(expected, request, Read(engine, sequence).Tokens);
        }

        Assert.Contains(turns, turn => turn.Sequence.CachedTokenCount >= 30);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_turn_after_an_old_question_is_as_if_it_were_computed_anew(string model)
    {
        var expected = Load(model);
        var engine = Load(model, cellCount: 2 * ContextTokens);
        var (loop, _) = Loop(engine);
        var openings = Enumerable.Range(0, 5).Select(index => Prompt(index, 90)).ToList();
        for (var round = 0; round < 4; round++)
        {
            // What was idle has moved to RAM meanwhile, or its room was given to others.
            foreach (var opening in openings)
            {
                var request = Request([.. opening, .. Prompt(20 + round, 5 + (7 * round))], 40);
                AssertAsAlone(expected, request, Complete(engine, loop, request).Tokens);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_full_context_moves_on_where_it_can_and_ends_where_it_cannot(string model)
    {
        var engine = Load(model);
        var (loop, recorder) = Loop(engine);
        var shifts = engine.Description is { CanShift: true, CanCut: true };
        var end = Complete(engine, loop, Request(Prompt(4, 200), 150));
        Assert.Equal(shifts ? 150 : ContextTokens - 200, end.Tokens.Count);
        Assert.Equal(FinishReason.Length, end.FinishReason);
        Assert.Equal(shifts, recorder.Of(SchedulerEventKind.Shifted).Count > 0);
        // What follows a shift serves nobody else.
        var request = Request([.. Prompt(4, 200), .. Prompt(5, 10)], 10);
        AssertAsAlone(engine, request, Complete(engine, loop, request).Tokens);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Proposals_are_made_only_where_they_can_be_taken_back(string model)
    {
        // Its own draft model is always right, but for what rounding does.
        var engine = Load(model, hasDraft: true);
        Assert.Equal(engine.Description.CanCut, engine.Draft is not null);
        Assert.Equal(engine.Description.CanCut, engine.Description.DraftRefusal is null);
        var requests = Enumerable.Range(0, 8).Select(index => Request(Prompt(index, 70), 40)).ToList();
        var (loop, recorder) = Loop(engine);
        var sequences = requests.ConvertAll(request => Submit(loop, request with { DraftTokensMax = 4 }));
        StepUntilIdle(loop);
        var proposed = sequences.ConvertAll(sequence => Read(engine, sequence).Tokens);
        Assert.All(requests.Zip(proposed), pair => AssertAsAlone(engine, pair.First, pair.Second));
        Assert.Equal(
            engine.Description.CanCut, recorder.Of(SchedulerEventKind.Drafted).Sum(item => item.Count) > 100);
    }

    private IEngine Load(string model, int cellCount = 0, bool hasDraft = false)
    {
        var path = Path.Combine(_folder, model + ".gguf");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, Models[model.Replace(Apart, "", StringComparison.Ordinal)]());
        }

        using var loader = LlamaEngines.OpenLoader();
        var specification = new LoadSpecification
        {
            WeightsPath = path,
            DraftPath = hasDraft ? path : null,
            ContextTokens = ContextTokens,
            SlotCount = 4,
            CellCount = cellCount,
            CacheUnified = !model.EndsWith(Apart, StringComparison.Ordinal),
            BatchTokens = 32,
            ThreadCount = 1,
        };
        _engines.Add(loader.Load(specification, null, TestContext.Current.CancellationToken));
        return _engines[^1];
    }

    private static (DecodeLoop Loop, EventRecorder Recorder) Loop(IEngine engine)
    {
        var recorder = new EventRecorder();
        var limits = new SchedulerLimits
        {
            SlotCount = 4,
            CellCount = engine.Description.CellCount,
            CacheUnified = engine.Description.CacheUnified,
            ContextTokens = ContextTokens,
            BatchTokensMax = engine.Description.BatchTokensMax,
            QueueLengthMax = 8,
            PrefixCacheBytes = 64 << 20,
            IdleCellsMax = 128,
            OutputCountMax = engine.Description.OutputCountMax,
        };
        return (new DecodeLoop(engine, limits, new ManualTimeProvider(), listener: null, recorder), recorder);
    }

    // Batches of other sizes are rounded otherwise: where the tokens part, both have to be the highest but for that.
    private static void AssertAsAlone(IEngine engine, SequenceRequest request, IReadOnlyList<int> tokens)
    {
        const float rounding = 0.01f;
        var alone = Run(engine, request);
        Assert.Equal(alone.Count, tokens.Count);
        var common = alone.Zip(tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        if (common == alone.Count)
        {
            return;
        }

        engine.ClearCells();
        int[] history = [.. request.PromptTokens, .. tokens.Take(common)];
        var batch = new EngineBatch(engine.Description.BatchTokensMax);
        foreach (var (position, token) in history.Index())
        {
            batch.Clear();
            batch.Add(token, position, sequence: 0, output: true);
            Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        }

        var logits = engine.Logits(0);
        Assert.Equal(logits[alone[common]], logits[tokens[common]], rounding);
        Assert.InRange(logits[tokens[common]], logits[..1520].ToArray().Max() - rounding, float.MaxValue);
        engine.ClearCells();
    }

    // In a loop of its own, whose cells are gone before and after it.
    private static IReadOnlyList<int> Run(IEngine engine, SequenceRequest request)
    {
        engine.ClearCells();
        return Complete(engine, Loop(engine).Loop, request).Tokens;
    }

    private static SequenceChunk Complete(IEngine engine, DecodeLoop loop, SequenceRequest request)
    {
        var sequence = Submit(loop, request);
        StepUntilIdle(loop);
        return Read(engine, sequence);
    }

    private static Sequence Submit(DecodeLoop loop, SequenceRequest request)
    {
        var sequence = new Sequence(request, ContextTokens, creditTokens: 512, seed: 1);
        Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(sequence));
        return sequence;
    }

    private static void StepUntilIdle(DecodeLoop loop)
    {
        for (var count = 0; loop.Step(); count++)
        {
            Assert.True(count < 10_000, "The loop did not come to rest.");
        }

        Assert.Null(loop.EndReason);
    }

    private static SequenceChunk Read(IEngine engine, Sequence sequence)
    {
        Assert.True(sequence.HasEnded);
        Assert.Null(sequence.End.Detail);
        return new SequenceStream(sequence, engine.Pieces, TimeProvider.System).TryTake()!;
    }

    private static SequenceRequest Request(int[] prompt, int tokensMax) => new()
    {
        Id = 1,
        PromptTokens = prompt,
        // The end token would come at random.
        Sampling = new SamplingOptions
        {
            Temperature = 0,
            LogitBiases = [.. Enumerable.Range(1520, 7).Select(token => new TokenBias(token, float.NegativeInfinity))],
        },
        CompletionTokensMax = tokensMax,
    };

    private static int[] Prompt(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(10, 1500))];
    }
}
