using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class SamplerChainTests
{
    public static TheoryData<string, SamplingOptions> Options => new()
    {
        { "defaults", new SamplingOptions() },
        { "greedy", new SamplingOptions { Temperature = 0 } },
        { "greedy with penalties", new SamplingOptions { Temperature = 0, RepeatPenalty = 1.5f } },
        { "negative temperature", new SamplingOptions { Temperature = -1 } },
        { "top-k alone", new SamplingOptions { TopK = 7, TopP = 1 } },
        { "top-k of one", new SamplingOptions { TopK = 1 } },
        { "top-k beyond the vocabulary", new SamplingOptions { TopK = 1_000_000, TopP = 1 } },
        { "top-k of most", new SamplingOptions { TopK = 900, TopP = 1 } },
        { "everything", new SamplingOptions { TopK = 0, TopP = 1 } },
        { "nucleus of everything", new SamplingOptions { TopK = 0, TopP = 0.95f } },
        { "wide nucleus", new SamplingOptions { TopK = -1, TopP = 0.9999f, Temperature = 2 } },
        { "top-p of nothing", new SamplingOptions { TopP = 0 } },
        { "negative top-p", new SamplingOptions { TopK = 0, TopP = -1 } },
        { "min-p", new SamplingOptions { TopK = 0, TopP = 1, MinP = 0.05f } },
        { "min-p of the best alone", new SamplingOptions { MinP = 1 } },
        { "min-p of nothing", new SamplingOptions { TopK = 0, TopP = 1, MinP = 5 } },
        { "typical", new SamplingOptions { TypicalP = 0.5f } },
        { "typical of everything", new SamplingOptions { TopK = 0, TypicalP = 0.7f, TopP = 0.9f, MinP = 0.01f } },
        { "typical of nothing", new SamplingOptions { TypicalP = 0 } },
        { "tiny temperature", new SamplingOptions { Temperature = 1e-42f } },
        { "cold", new SamplingOptions { Temperature = 0.05f } },
        { "hot", new SamplingOptions { Temperature = 100, TopP = 1 } },
        {
            "all penalties",
            new SamplingOptions { RepeatPenalty = 1.3f, PresencePenalty = 0.5f, FrequencyPenalty = 0.25f }
        },
        { "penalties over everything", new SamplingOptions { RepeatPenalty = 1.1f, RepeatLastTokens = -1 } },
        { "a reward", new SamplingOptions { RepeatPenalty = 0.8f, PresencePenalty = -1, RepeatLastTokens = 5 } },
    };

    public static TheoryData<string, SamplingOptions> AllOptions =>
    [
        .. Options,
        .. new TheoryData<string, SamplingOptions>
        {
            { "top-σ", new SamplingOptions { TopK = 0, TopP = 1, TopSigma = 1 } },
            { "top-σ and top-k", new SamplingOptions { TopSigma = 0.5f } },
            { "XTC", new SamplingOptions { XtcProbability = 1, XtcThreshold = 0.01f } },
            { "wide XTC", new SamplingOptions { TopK = 0, TopP = 1, XtcProbability = 1, XtcThreshold = 0.001f } },
            { "cold XTC", new SamplingOptions { Temperature = 0, XtcProbability = 1 } },
            { "moving temperature", new SamplingOptions { Temperature = 0, TemperatureRange = 2 } },
            { "mirostat", new SamplingOptions { Mirostat = 1 } },
            { "mirostat of nothing", new SamplingOptions { Mirostat = 1, MirostatTau = 0 } },
            { "mirostat 2", new SamplingOptions { Mirostat = 2 } },
            { "mirostat 2 of nothing", new SamplingOptions { Mirostat = 2, MirostatTau = 0, MirostatEta = 1000 } },
            { "repetitions", new SamplingOptions { Dry = new DryOptions { Multiplier = 1 } } },
            { "bias", new SamplingOptions { LogitBiases = [new TokenBias(7, 100), new TokenBias(7, -100)] } },
        },
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Draws_are_those_of_the_plain_chain(string name, SamplingOptions options)
    {
        var source = new Random(name.Length);
        var different = 0;
        for (var round = 0; round < 120; round++)
        {
            var logits = RandomLogits(source, round % 4 == 0 ? 37 : 2_111, round);
            var history = Enumerable.Range(0, 100).Select(_ => source.Next(30)).ToList();
            var chain = new SamplerChain(options, (uint)round, 1000);
            history.ForEach(chain.Accept);
            var random = new RandomStream((uint)round);
            var expected = ReferenceSampler.Draw(
                ReferenceSampler.Distribution(logits, options, history), random.NextUnit());
            var before = logits.ToArray();
            different += chain.Sample(logits, new SamplerScratch(logits.Length)) == expected ? 0 : 1;
            Assert.Equal(before, logits);
        }

        // Single precision may decide otherwise where two tokens meet.
        Assert.InRange(different, 0, 1);
    }

    [Fact]
    public void Draws_are_distributed_like_the_probabilities()
    {
        const int Draws = 100_000;
        var logits = RandomLogits(new Random(3), 500, 1);
        var options = new SamplingOptions { TopK = 20, TopP = 0.95f, Temperature = 0.9f };
        var chain = new SamplerChain(options, 1234, 100);
        var scratch = new SamplerScratch(logits.Length);
        var counts = new int[logits.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            counts[chain.Sample(logits, scratch)]++;
        }

        var distribution = ReferenceSampler.Distribution(logits, options, []);
        Assert.Equal(Draws, distribution.Sum(item => counts[item.Token]));
        foreach (var (token, probability) in distribution)
        {
            // Five standard deviations: false once in a million tokens.
            var deviation = Math.Sqrt(Draws * probability * (1 - probability));
            Assert.InRange(counts[token] - (Draws * probability), -5 * deviation, 5 * deviation);
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_tokens_and_others_do_not()
    {
        Assert.Equal(DrawMany(7), DrawMany(7));
        Assert.NotEqual(DrawMany(7), DrawMany(8));

        static List<int> DrawMany(uint seed)
        {
            var chain = new SamplerChain(new SamplingOptions { Temperature = 1.5f }, seed, 100);
            var scratch = new SamplerScratch(300);
            return [.. Enumerable.Range(0, 50).Select(round =>
                chain.Sample(RandomLogits(new Random(round), 300, round), scratch))];
        }
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void Logits_that_are_no_numbers_are_never_drawn(string name, SamplingOptions options)
    {
        Assert.NotNull(name);
        var scratch = new SamplerScratch(1000);
        for (var round = 0; round < 50; round++)
        {
            var logits = RandomLogits(new Random(round), 1000, round);
            for (var token = 0; token < logits.Length; token++)
            {
                logits[token] = (token % 3) switch
                {
                    0 => float.NaN,
                    1 => float.NegativeInfinity,
                    _ => logits[token],
                };
            }

            var drawn = new SamplerChain(options, (uint)round, 100).Sample(logits, scratch);
            Assert.Equal(2, drawn % 3);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void No_usable_logit_gives_no_token(float value)
    {
        foreach (var row in AllOptions)
        {
            var logits = Enumerable.Repeat(value, 700).ToArray();
            Assert.Equal(-1, new SamplerChain(row.Data.Item2, 1, 100).Sample(logits, new SamplerScratch(700)));
        }
    }

    [Fact]
    public void An_infinite_logit_wins()
    {
        foreach (var row in AllOptions)
        {
            var logits = RandomLogits(new Random(1), 700, 1);
            logits[321] = float.PositiveInfinity;
            Assert.Equal(321, new SamplerChain(row.Data.Item2, 1, 100).Sample(logits, new SamplerScratch(700)));
        }
    }

    [Fact]
    public void Equal_logits_fall_to_the_lowest_tokens()
    {
        var logits = new float[5000];
        var scratch = new SamplerScratch(logits.Length);
        Assert.Equal(0, new SamplerChain(new SamplingOptions { Temperature = 0 }, 1, 10).Sample(logits, scratch));
        for (uint seed = 0; seed < 100; seed++)
        {
            var token = new SamplerChain(new SamplingOptions { TopK = 3, TopP = 1 }, seed, 10).Sample(logits, scratch);
            Assert.InRange(token, 0, 2);
        }
    }

    [Fact]
    public void A_repeated_token_is_penalized_by_the_known_formula()
    {
        var logits = new float[] { 2, -2, 1, 0 };
        var window = PenaltyWindow.Create(
            new SamplingOptions
            {
                RepeatPenalty = 2,
                PresencePenalty = 0.5f,
                FrequencyPenalty = 0.25f,
                RepeatLastTokens = 4,
            },
            100)!;
        foreach (var token in new[] { 2, 2, 0, 0, 1, 3 })
        {
            window.Accept(token);
        }

        window.Apply(logits);
        Assert.Equal([(2f / 2) - 0.5f - 0.5f, (-2f * 2) - 0.25f - 0.5f, 1f, 0 - 0.25f - 0.5f], logits);
        window.Restore(logits);
        Assert.Equal([2f, -2f, 1f, 0f], logits);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_softmax()
    {
        var logits = RandomLogits(new Random(5), 3000, 2);
        logits[17] = float.NaN;
        logits[18] = float.NegativeInfinity;
        var scratch = new SamplerScratch(logits.Length);
        var usable = logits.Where(logit => !float.IsNaN(logit)).Select(logit => (double)logit).ToList();
        var expected = Math.Log(usable.Sum(Math.Exp));
        var normalizer = LogProbRanking.Normalizer(logits, scratch);
        Assert.Equal(expected, normalizer, 1e-4);
        var tokens = new int[20];
        var logProbs = new float[20];
        Assert.Equal(20, LogProbRanking.Rank(logits, normalizer, tokens, logProbs, scratch));
        Assert.Equal(
            Enumerable.Range(0, logits.Length)
                .Where(token => !float.IsNaN(logits[token]))
                .OrderByDescending(token => logits[token])
                .Take(20),
            tokens);
        Assert.All(logProbs, (logProb, index) => Assert.Equal(logits[tokens[index]] - expected, logProb, 1e-4));
    }

    [Fact]
    public void A_bias_forces_and_forbids_and_leaves_the_logits_as_they_were()
    {
        var logits = RandomLogits(new Random(4), 300, 1);
        var before = logits.ToArray();
        var scratch = new SamplerScratch(300);
        var best = TopCandidates.Best(logits);
        foreach (var temperature in new[] { 0f, 1f })
        {
            var forbidding = new SamplingOptions
            {
                Temperature = temperature,
                LogitBiases = [new TokenBias(best, float.NegativeInfinity)],
            };
            var forcing = new SamplingOptions { Temperature = temperature, LogitBiases = [new TokenBias(123, 100)] };
            for (uint seed = 0; seed < 20; seed++)
            {
                Assert.NotEqual(best, new SamplerChain(forbidding, seed, 10).Sample(logits, scratch));
                Assert.Equal(123, new SamplerChain(forcing, seed, 10).Sample(logits, scratch));
            }
        }

        Assert.Equal(before, logits);
    }

    [Fact]
    public void Xtc_strikes_as_often_as_it_is_told()
    {
        var logits = new float[100];
        Array.Fill(logits, -50);
        (logits[10], logits[20], logits[30]) = (2, 1, 0);
        var options = new SamplingOptions { XtcProbability = 0.25f, XtcThreshold = 0.05f, Temperature = 0, TopP = 1 };
        var chain = new SamplerChain(options, 5, 10);
        var scratch = new SamplerScratch(100);
        var struck = Enumerable.Range(0, 4000).Count(_ => chain.Sample(logits, scratch) == 30);
        Assert.InRange(struck, 900, 1100);
    }

    [Fact]
    public void Mirostat_keeps_the_surprise_near_its_target()
    {
        var logits = RandomLogits(new Random(6), 2000, 1);
        var normalizer = LogProbRanking.Normalizer(logits, new SamplerScratch(2000));
        foreach (var version in new[] { 1, 2 })
        {
            var options = new SamplingOptions { Mirostat = version, MirostatTau = 4, Temperature = 1 };
            var chain = new SamplerChain(options, 9, 10);
            var scratch = new SamplerScratch(2000);
            var surprise = 0.0;
            for (var draw = 0; draw < 2000; draw++)
            {
                var token = chain.Sample(logits, scratch);
                chain.Accept(token);
                surprise -= (logits[token] - normalizer) / Math.Log(2) / 2000;
            }

            // What is observed is the surprise among the candidates, which is below that among all tokens.
            Assert.InRange(surprise, 4, 6);
        }
    }

    [Fact]
    public void A_prompt_that_repeats_itself_is_not_repeated_once_more()
    {
        var logits = new float[10];
        logits[3] = 2;
        var options = new SamplingOptions { Temperature = 0, Dry = new DryOptions { Multiplier = 1, Base = 2 } };
        var chain = new SamplerChain(options, 1, 100);
        var scratch = new SamplerScratch(10);
        foreach (var token in new[] { 1, 2, 3, 9, 1, 2 })
        {
            chain.Accept(token);
        }

        // Two tokens repeat, as many as are allowed: the penalty of 1 is not enough yet.
        Assert.Equal(3, chain.Sample(logits, scratch));
        foreach (var token in new[] { 5, 1, 2, 3, 9, 1, 2 })
        {
            chain.Accept(token);
        }

        // 1 2 3 9 1 2 was there, and 5 followed: six tokens repeat, and what followed before is far below all others.
        logits[5] = 10;
        Assert.NotEqual(5, chain.Sample(logits, scratch));
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void Nothing_is_allocated_for_a_token(string name, SamplingOptions options)
    {
        Assert.NotNull(name);
        var logits = RandomLogits(new Random(8), 3000, 2);
        var scratch = new SamplerScratch(logits.Length);
        var chain = new SamplerChain(options, 3, 200);
        var random = new Random(1);
        for (var token = 0; token < 300; token++)
        {
            chain.Accept(random.Next(40));
            chain.Sample(logits, scratch);
        }

        // The runtime may allocate once on this thread, when it has compiled a method better; a token never does.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 10; round++)
            {
                chain.Accept(random.Next(40));
                chain.Sample(logits, scratch);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least);
    }

    private static float[] RandomLogits(Random source, int count, int round)
    {
        var spread = 1 + (round % 9);
        var logits = new float[count];
        for (var token = 0; token < count; token++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - source.NextDouble()));
            var normal = radius * Math.Cos(2 * Math.PI * source.NextDouble());
            logits[token] = (float)(normal * spread);
        }

        return logits;
    }
}
