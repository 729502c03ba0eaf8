using Ollama.Platform.Inference.Engine;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>The native engine on the shipped models.</summary>
[Collection(nameof(NativeLibraryUse))]
public sealed class LlamaEngineTests(NativeLibraryUse native)
{
    private const string Question = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n";
    private const string OtherQuestion = "<|im_start|>user\nWhat sound does a cow make?<|im_end|>\n<|im_start|>assistant\n";

    [Fact]
    public void A_question_gets_its_answer()
    {
        using var engine = Load();
        Assert.Equal("The capital of France is Paris.", Answer(engine, Question, sequence: 0));
    }

    [Fact]
    public void Sequences_that_share_a_batch_answer_as_they_do_alone()
    {
        using var engine = Load();
        var alone = (Answer(engine, Question, 0), Answer(engine, OtherQuestion, 1));
        engine.ClearCells();
        var batch = new EngineBatch(engine.Description.BatchTokensMax);
        string[] prompts = [Question, OtherQuestion];
        var tokens = prompts.Select(prompt => engine.Tokenize(prompt, false, true).ToList()).ToArray();
        var answers = new[] { new List<int>(), new List<int>() };
        var computed = new int[2];
        for (var step = 0; step < 20; step++)
        {
            batch.Clear();
            var outputs = new int[2];
            for (var sequence = 0; sequence < 2; sequence++)
            {
                for (; computed[sequence] < tokens[sequence].Count; computed[sequence]++)
                {
                    var last = computed[sequence] == tokens[sequence].Count - 1;
                    outputs[sequence] = batch.Add(tokens[sequence][computed[sequence]], computed[sequence], sequence, last);
                }
            }

            Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
            for (var sequence = 0; sequence < 2; sequence++)
            {
                var token = Best(engine.Logits(outputs[sequence]));
                tokens[sequence].Add(token);
                if (answers[sequence].LastOrDefault(-1) is var previous && (previous < 0 || !engine.Pieces.IsEnd(previous)))
                {
                    answers[sequence].Add(token);
                }
            }
        }

        Assert.Equal(alone.Item1, Text(engine, answers[0]));
        Assert.Equal(alone.Item2, Text(engine, answers[1]));
    }

    [Fact]
    public void Shared_and_cut_cells_give_the_same_answer()
    {
        using var engine = Load();
        var tokens = engine.Tokenize(Question, false, true);
        Prefill(engine, tokens, sequence: 0);
        engine.CopyCells(0, 1, 0, tokens.Length);
        Assert.True(engine.RemoveCells(1, tokens.Length - 1, -1));
        Assert.Equal("The capital of France is Paris.", Continue(engine, tokens[^1], tokens.Length - 1, sequence: 1));
    }

    [Fact]
    public void Text_survives_the_way_to_tokens_and_back()
    {
        using var engine = Load();
        const string Text = "<|im_start|>user\nGrüße, 世界! 🙂 \t x<|im_end|>";
        Assert.Equal(Text, engine.Detokenize(engine.Tokenize(Text, false, true)));
        Assert.True(engine.Pieces.IsEnd(engine.Tokenize("<|im_end|>", false, true).Single()));
        Assert.True(engine.Tokenize("<|im_end|>", false, false).Length > 1);
        Assert.Empty(engine.Tokenize("", false, true));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var engine = Load();
        var tokens = engine.Tokenize(Question, false, true);
        Prefill(engine, tokens, sequence: 0);
        var batch = new EngineBatch(engine.Description.BatchTokensMax);
        Step(tokens.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var position = tokens.Length + 1; position < tokens.Length + 20; position++)
        {
            Step(position);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int position)
        {
            batch.Clear();
            batch.Add(tokens[0], position, 0, output: true);
            engine.Decode(batch);
            Best(engine.Logits(0));
        }
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(1_000_000, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -1)]
    [InlineData(0, 0, 4)]
    public void An_argument_out_of_range_throws_instead_of_ending_the_process(int token, int position, int sequence)
    {
        using var engine = Load();
        var batch = new EngineBatch(1);
        batch.Add(token, position, sequence, output: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode(batch));
        Assert.Throws<InvalidOperationException>(() => { engine.Logits(0); });
    }

    [Fact]
    public void A_batch_that_is_too_long_or_empty_throws()
    {
        using var engine = Load();
        var batch = new EngineBatch(engine.Description.BatchTokensMax + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode(batch));
        while (batch.Room > 0)
        {
            batch.Add(0, batch.Count, 0, output: false);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Decode(batch));
    }

    [Fact]
    public void A_full_cache_refuses_a_batch_and_goes_on()
    {
        using var engine = Load(contextTokens: 256, slotCount: 1);
        var batch = new EngineBatch(engine.Description.CellCount);
        Fill(0);
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        batch.Clear();
        batch.Add(0, engine.Description.CellCount, 0, output: true);
        Assert.Equal(StepOutcome.KvCacheFull, engine.Decode(batch));
        Assert.True(engine.RemoveCells(0, 0, -1));
        Assert.Equal("The capital of France is Paris.", Answer(engine, Question, 0));

        void Fill(int sequence)
        {
            while (batch.Room > 0)
            {
                batch.Add(0, batch.Count, sequence, output: batch.Room == 1);
            }
        }
    }

    [Fact]
    public void The_report_of_memory_covers_the_weights()
    {
        using var engine = Load();
        Assert.InRange(engine.Description.TotalBytes, 5_000_000, 200_000_000);
        Assert.Equal(0, engine.Description.VramBytes);
        Assert.Equal(2048, engine.Description.ContextTokensTrained);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_with_the_librarys_reason()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "not a model");
        var failure = Assert.Throws<EngineLoadException>(() => Loader().Load(
            new LoadSpecification { WeightsPath = path, ContextTokens = 128, SlotCount = 1 }, null,
            TestContext.Current.CancellationToken));
        Assert.False(string.IsNullOrWhiteSpace(failure.Message));
        File.Delete(path);
    }

    [Fact]
    public void A_canceled_load_ends() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Loader().Load(
            new LoadSpecification { WeightsPath = NativeLibraryUse.ChatModelPath, ContextTokens = 128, SlotCount = 1 },
            null,
            new CancellationToken(canceled: true)));

    [Fact]
    public void Embeddings_of_paraphrases_are_close_whatever_shares_the_batch()
    {
        using var engine = Loader().Load(
            new LoadSpecification
            {
                WeightsPath = NativeLibraryUse.EmbeddingModelPath,
                Embedding = true,
                ContextTokens = 512,
                SlotCount = 1,
            },
            null,
            TestContext.Current.CancellationToken);
        string[] texts = ["What is the capital of France?", "Name the capital of France.", "What sound does a cow make?"];
        var together = Embed(engine, texts);
        var alone = texts.SelectMany(text => Embed(engine, [text])).ToArray();
        Assert.Equal(128, engine.Description.EmbeddingLength);
        Assert.All(together.Zip(alone), pair => Assert.True(Cosine(pair.First, pair.Second) > 0.9999));
        Assert.True(Cosine(together[0], together[1]) > 0.8);
        Assert.True(Cosine(together[0], together[2]) < 0.5);
    }

    private LlamaEngineLoader Loader() => new(native.Library);

    private IEngine Load(int contextTokens = 512, int slotCount = 4) => Loader().Load(
        new LoadSpecification
        {
            WeightsPath = NativeLibraryUse.ChatModelPath,
            ContextTokens = contextTokens,
            SlotCount = slotCount,
        },
        null,
        TestContext.Current.CancellationToken);

    private static string Answer(IEngine engine, string prompt, int sequence)
    {
        engine.RemoveCells(sequence, 0, -1);
        var tokens = engine.Tokenize(prompt, false, true);
        Prefill(engine, tokens[..^1], sequence);
        return Continue(engine, tokens[^1], tokens.Length - 1, sequence);
    }

    private static void Prefill(IEngine engine, int[] tokens, int sequence)
    {
        var batch = new EngineBatch(engine.Description.BatchTokensMax);
        for (var position = 0; position < tokens.Length; position++)
        {
            batch.Add(tokens[position], position, sequence, output: position == tokens.Length - 1);
        }

        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
    }

    private static string Continue(IEngine engine, int token, int position, int sequence)
    {
        var batch = new EngineBatch(1);
        var answer = new List<int>();
        do
        {
            batch.Clear();
            batch.Add(token, position++, sequence, output: true);
            Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
            answer.Add(token = Best(engine.Logits(0)));
        }
        while (!engine.Pieces.IsEnd(token) && answer.Count < 64);
        return Text(engine, answer);
    }

    private static string Text(IEngine engine, List<int> tokens) =>
        engine.Detokenize([.. tokens.TakeWhile(token => !engine.Pieces.IsEnd(token))]);

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    private static float[][] Embed(IEngine engine, string[] texts)
    {
        var batch = new EngineBatch(engine.Description.MicroBatchTokensMax);
        for (var sequence = 0; sequence < texts.Length; sequence++)
        {
            var tokens = engine.Tokenize(texts[sequence], true, true);
            for (var position = 0; position < tokens.Length; position++)
            {
                batch.Add(tokens[position], position, sequence, output: true);
            }
        }

        Assert.Equal(StepOutcome.Decoded, engine.Embed(batch));
        return [.. Enumerable.Range(0, texts.Length).Select(sequence => engine.Embedding(sequence).ToArray())];
    }

    private static double Cosine(float[] a, float[] b) =>
        System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(a, b);
}
