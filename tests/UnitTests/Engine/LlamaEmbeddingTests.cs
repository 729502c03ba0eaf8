using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaEmbeddingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedding-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Texts_of_one_meaning_are_near_and_others_are_far()
    {
        using var engine = LlamaEngines.LoadEmbed();

        var vectors = Embed(
            engine,
            "What is the capital of France?",
            "Tell me the capital of France.",
            "What sound does a cow make?");

        Assert.Equal(128, engine.Description.EmbeddingLength);
        Assert.True(Cosine(vectors[0], vectors[1]) > 0.8);
        Assert.True(Cosine(vectors[0], vectors[2]) < 0.5);
    }

    [Fact]
    public void A_vector_does_not_depend_on_the_texts_beside_it()
    {
        using var engine = LlamaEngines.LoadEmbed();
        string[] texts = ["hello world", "a red apple", "what time is it in tokyo?"];

        var together = Embed(engine, texts);

        for (var index = 0; index < texts.Length; index++)
        {
            Assert.True(Cosine(Embed(engine, texts[index])[0], together[index]) > 0.9999);
        }
    }

    [Fact]
    public void Packed_inputs_of_many_lengths_give_the_vectors_of_each_alone()
    {
        using var engine = LlamaEngines.LoadEmbed();
        var random = new Random(3);
        var lengths = Enumerable.Range(0, 60).Select(index => index % 7 == 0 ? 512 : random.Next(1, 90));
        var inputs = lengths.Select(length => Enumerable.Range(0, length)
            .Select(_ => random.Next(10, engine.Description.VocabularySize)).ToArray()).ToArray();
        var loop = new DecodeLoop(
            engine,
            new SchedulerLimits
            {
                SlotCount = 1,
                CellCount = 512,
                ContextTokens = 512,
                BatchTokensMax = 512,
                QueueLengthMax = 1,
            },
            TimeProvider.System);
        var jobs = inputs.Chunk(15).Select(chunk => new EmbeddingJob(chunk, 128)).ToArray();
        Assert.All(jobs, job => Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(job)));
        while (loop.Step())
        {
        }

        foreach (var job in jobs)
        {
            Assert.True(job.Completion.IsCompletedSuccessfully);
            for (var index = 0; index < job.Inputs.Count; index++)
            {
                Assert.True(Cosine(EmbedAlone(engine, job.Inputs[index]), job.Vectors[index]) > 0.9999);
            }
        }
    }

    [Fact]
    public void Packed_inputs_with_adapters_give_the_vectors_of_each_alone()
    {
        using var engine = LoadDecoder();
        var plain = Embed(engine, "Ahoy there!", "hello world");
        engine.LoadAdapters(5, [NativeModels.AdapterPath]);
        var random = new Random(4);
        var inputs = Enumerable.Range(1, 30).Select(index => Enumerable.Range(0, index % 5 == 0 ? 900 : index)
            .Select(_ => random.Next(10, engine.Description.VocabularySize)).ToArray()).ToArray();
        var loop = new DecodeLoop(
            engine,
            new SchedulerLimits
            {
                SlotCount = 1,
                CellCount = 2048,
                ContextTokens = 2048,
                BatchTokensMax = 2048,
                QueueLengthMax = 1,
            },
            TimeProvider.System);
        var length = engine.Description.EmbeddingLength;
        EmbeddingJob[] jobs = [new(inputs, length, adapterKey: 5), new(inputs, length)];
        Assert.All(jobs, job => Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(job)));
        while (loop.Step())
        {
        }

        foreach (var job in jobs)
        {
            engine.UseAdapters(job.AdapterKey);
            for (var index = 0; index < inputs.Length; index++)
            {
                Assert.True(Cosine(EmbedAlone(engine, inputs[index]), job.Vectors[index]) > 0.9999);
            }
        }

        Assert.True(Cosine(jobs[0].Vectors[20], jobs[1].Vectors[20]) < 0.999);
        engine.DropAdapters(5);
        Assert.Equal(plain, Embed(engine, "Ahoy there!", "hello world"));
    }

    [Fact]
    public void A_long_text_leaves_no_memory_behind_and_changes_no_vector()
    {
        using var engine = LoadDecoder();
        Assert.Equal((2048, 256), (engine.Description.MicroBatchTokensMax, engine.Description.PackedTokensMax));
        var before = Embed(engine, "hello world")[0];
        for (var round = 0; round < 3; round++)
        {
            var batch = new EngineBatch(2048);
            for (var position = 0; position < 1500; position++)
            {
                batch.Add(10 + (position % 1000), position, 0, true);
            }

            Assert.Equal(StepOutcome.Decoded, engine.Embed(batch));
            engine.Trim();
            engine.Abort();
            Assert.Equal(StepOutcome.Aborted, engine.Embed(batch));
            engine.Trim();
            Assert.True(Cosine(before, Embed(engine, "hello world")[0]) > 0.99999);
            engine.Trim();
        }
    }

    [Fact]
    public void Many_texts_fit_into_one_call()
    {
        using var engine = LlamaEngines.LoadEmbed();
        var texts =
            Enumerable.Range(0, engine.Description.SequenceCountMax).Select(index => $"number {index}").ToArray();

        var vectors = Embed(engine, texts);

        Assert.Equal(64, vectors.Count);
        Assert.All(vectors, vector => Assert.All(vector, component => Assert.True(float.IsFinite(component))));
    }

    [Fact]
    public void The_limits_of_a_call_are_those_of_the_model()
    {
        using var engine = LlamaEngines.LoadEmbed();

        Assert.Equal(512, engine.Description.MicroBatchTokensMax);
        Assert.Equal(512, engine.Description.BatchTokensMax);
        var longest = new EngineBatch(513);
        for (var position = 0; position < 512; position++)
        {
            longest.Add(100, position, 0, true);
        }

        Assert.Equal(StepOutcome.Decoded, engine.Embed(longest));
        longest.Add(100, 512, 0, true);
        Assert.Throws<ArgumentException>(() => engine.Embed(longest));
    }

    [Fact]
    public void A_sequence_that_was_not_embedded_has_no_vector()
    {
        using var engine = LlamaEngines.LoadEmbed();
        Embed(engine, "hello");

        Assert.Throws<ArgumentException>(() => engine.Embedding(5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Embedding(-1).Length);
        Assert.Throws<InvalidOperationException>(() => engine.Decode(new EngineBatch(1)));
    }

    // A decoder that embeds: it has a cache, which is cut back, too.
    private IEngine LoadDecoder()
    {
        var path = Path.Combine(_folder, "decoder.gguf");
        var file = File.ReadAllBytes(NativeModels.ChatPath);
        File.WriteAllBytes(path, GgufEdit.WithNumber(file, "llama.pooling_type", 1));
        using var loader = LlamaEngines.OpenLoader();
        return loader.Load(
            new LoadSpecification
            {
                WeightsPath = path,
                Embedding = true,
                ContextTokens = 2048,
                BatchTokens = 2048,
                SlotCount = 1,
            },
            null,
            TestContext.Current.CancellationToken);
    }

    private static float[] EmbedAlone(IEngine engine, int[] tokens)
    {
        var batch = new EngineBatch(tokens.Length);
        for (var position = 0; position < tokens.Length; position++)
        {
            batch.Add(tokens[position], position, 0, true);
        }

        Assert.Equal(StepOutcome.Decoded, engine.Embed(batch));
        return engine.Embedding(0).ToArray();
    }

    private static List<float[]> Embed(IEngine engine, params string[] texts)
    {
        var batch = new EngineBatch(engine.Description.MicroBatchTokensMax);
        for (var sequence = 0; sequence < texts.Length; sequence++)
        {
            var tokens = engine.Tokenize(texts[sequence], specialAdded: true, specialParsed: false);
            for (var position = 0; position < tokens.Length; position++)
            {
                batch.Add(tokens[position], position, sequence, true);
            }
        }

        Assert.Equal(StepOutcome.Decoded, engine.Embed(batch));
        return [.. Enumerable.Range(0, texts.Length).Select(sequence => engine.Embedding(sequence).ToArray())];
    }

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (a, b) => (double)a * b).Sum() / (Norm(left) * Norm(right));

    private static double Norm(float[] vector) => Math.Sqrt(vector.Sum(component => (double)component * component));
}
