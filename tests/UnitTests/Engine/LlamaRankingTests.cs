using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaRankingTests : IDisposable
{
    private static readonly string[] Documents =
        ["Paris is a city.", "A cow says moo.", "", "the capital of france is paris"];

    private readonly string _folder = Directory.CreateTempSubdirectory("ranking-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_score_is_what_the_head_makes_of_the_first_token()
    {
        using var ranker = Load(RankingModel.Ranker);
        using var encoder = Load(RankingModel.FirstToken);
        Assert.Equal((1, 128), (ranker.Description.EmbeddingLength, encoder.Description.EmbeddingLength));
        var pairs = Documents.Select(document => Pair(ranker, "What is the capital of France?", document)).ToArray();
        var scores = Embed(ranker, pairs);
        var vectors = Embed(encoder, pairs);
        for (var index = 0; index < pairs.Length; index++)
        {
            var expected = RankingModel.Bias + vectors[index].Zip(RankingModel.Head, (one, other) => one * other).Sum();
            Assert.Equal(expected, Assert.Single(scores[index]), 0.01f);
        }

        Assert.Equal(4, scores.Select(score => MathF.Round(score[0], 4)).Distinct().Count());
    }

    [Fact]
    public void A_score_does_not_depend_on_the_pairs_beside_it()
    {
        using var ranker = Load(RankingModel.Ranker);
        var pairs = Enumerable.Range(0, 40)
            .Select(index => Pair(ranker, "where", string.Join(' ', Enumerable.Repeat("paris", index % 9)))).ToArray();
        var together = Embed(ranker, pairs);
        for (var index = 0; index < pairs.Length; index++)
        {
            Assert.Equal(Embed(ranker, [pairs[index]])[0][0], together[index][0], 0.01f);
        }
    }

    [Fact]
    public void A_pair_is_marked_off_as_the_vocabulary_says()
    {
        using var ranker = Load(RankingModel.Ranker);
        // [CLS] is 2, [SEP] is 3, at the end of a text and between two.
        Assert.Equivalent(new PairMarks([2], [3, 3], [3]), ranker.Description.PairMarks);
        using var chat = LlamaEngines.LoadChat();
        Assert.Equivalent(PairMarks.None, chat.Description.PairMarks);
    }

    private static int[] Pair(IEngine engine, string query, string document)
    {
        var marks = engine.Description.PairMarks;
        return
        [
            .. marks.Before, .. engine.Tokenize(query, false, false),
            .. marks.Between, .. engine.Tokenize(document, false, false), .. marks.Behind,
        ];
    }

    private static float[][] Embed(IEngine engine, int[][] inputs)
    {
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
        var job = new EmbeddingJob(inputs, engine.Description.EmbeddingLength);
        Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(job));
        while (loop.Step())
        {
        }

        Assert.True(job.Completion.IsCompletedSuccessfully);
        return job.Vectors;
    }

    private IEngine Load(byte[] file)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".gguf");
        File.WriteAllBytes(path, file);
        using var loader = LlamaEngines.OpenLoader();
        return loader.Load(
            new LoadSpecification { WeightsPath = path, Embedding = true, ContextTokens = 512, SlotCount = 1 },
            null,
            TestContext.Current.CancellationToken);
    }
}
