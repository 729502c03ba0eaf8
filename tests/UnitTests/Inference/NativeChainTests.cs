using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>
/// The managed chain against the library's own over the same logits: the statistics are those of fixed seeds, so that
/// a test fails always or never.
/// </summary>
public sealed class NativeChainTests : IDisposable
{
    private const int DrawCount = 20_000;

    private static readonly Dictionary<string, Case> Chains = new()
    {
        ["Ollama's defaults"] = new(
            new(), chain => chain.AddTopK(40).AddTopP(0.9f).AddTemperature(0.8f)),
        ["temperature alone"] = new(
            new() { TopK = 0, TopP = 1, Temperature = 1.3f }, chain => chain.AddTemperature(1.3f)),
        ["top-p of everything"] = new(
            new() { TopK = 0, TopP = 0.7f, Temperature = 1 }, chain => chain.AddTopP(0.7f)),
        ["min-p of everything"] = new(
            new() { TopK = 0, TopP = 1, MinP = 0.02f, Temperature = 1.5f },
            chain => chain.AddMinP(0.02f).AddTemperature(1.5f)),
        ["typical"] = new(
            new() { TopK = 30, TypicalP = 0.6f, TopP = 1, Temperature = 1 },
            chain => chain.AddTopK(30).AddTypicalP(0.6f)),
        ["typical of everything"] = new(
            new() { TopK = 0, TypicalP = 0.5f, TopP = 1, Temperature = 1 }, chain => chain.AddTypicalP(0.5f)),
        ["typical, top-p and min-p of everything"] = new(
            new() { TopK = 0, TypicalP = 0.8f, TopP = 0.9f, MinP = 0.05f, Temperature = 0.9f },
            chain => chain.AddTypicalP(0.8f).AddTopP(0.9f).AddMinP(0.05f).AddTemperature(0.9f)),
        ["top-σ"] = new(
            new() { TopK = 0, TopP = 1, TopSigma = 1.5f, Temperature = 1.2f },
            chain => chain.AddTopSigma(1.5f).AddTemperature(1.2f)),
        ["top-σ before top-k and top-p"] = new(
            new() { TopK = 50, TopP = 0.95f, TopSigma = 1.2f, Temperature = 2 },
            chain => chain.AddTopSigma(1.2f).AddTopK(50).AddTopP(0.95f).AddTemperature(2)),
        ["XTC"] = new(
            new() { TopK = 40, TopP = 1, XtcProbability = 1, XtcThreshold = 0.05f, Temperature = 1 },
            chain => chain.AddTopK(40).AddXtc(1, 0.05f, 1)),
        ["XTC of everything"] = new(
            new() { TopK = 0, TopP = 0.8f, XtcProbability = 1, XtcThreshold = 0.02f, Temperature = 1.1f },
            chain => chain.AddTopP(0.8f).AddXtc(1, 0.02f, 1).AddTemperature(1.1f)),
        ["a moving temperature"] = new(
            new() { TopK = 20, TopP = 1, Temperature = 0.9f, TemperatureRange = 0.6f, TemperatureExponent = 1.7f },
            chain => chain.AddTopK(20).AddMovingTemperature(0.9f, 0.6f, 1.7f)),
        ["a moving temperature of everything"] = new(
            new() { TopK = 0, TopP = 0.99f, Temperature = 0.5f, TemperatureRange = 0.7f },
            chain => chain.AddTopP(0.99f).AddMovingTemperature(0.5f, 0.7f, 1)),
        ["penalties"] = new(
            new() { RepeatPenalty = 1.4f, PresencePenalty = 0.3f, FrequencyPenalty = 0.2f, Temperature = 1 },
            chain => chain.AddPenalties(64, 1.4f, 0.2f, 0.3f).AddTopK(40).AddTopP(0.9f)),
        ["biases"] = new(
            new() { LogitBiases = [new(3, 9), new(700, float.NegativeInfinity), new(5, -2)], Temperature = 1 },
            chain => chain.AddLogitBias([(3, 9), (700, float.NegativeInfinity), (5, -2)]).AddTopK(40).AddTopP(0.9f)),
        ["everything together"] = new(
            new()
            {
                LogitBiases = [new(11, 4)],
                RepeatPenalty = 1.2f,
                Dry = Dry,
                TopSigma = 3,
                TopK = 60,
                TypicalP = 0.95f,
                TopP = 0.95f,
                MinP = 0.01f,
                XtcProbability = 1,
                XtcThreshold = 0.15f,
                Temperature = 1.1f,
                TemperatureRange = 0.3f,
            },
            chain => AddDry(chain.AddLogitBias([(11, 4)]).AddPenalties(64, 1.2f, 0, 0))
                .AddTopSigma(3).AddTopK(60).AddTypicalP(0.95f).AddTopP(0.95f).AddMinP(0.01f).AddXtc(1, 0.15f, 1)
                .AddMovingTemperature(1.1f, 0.3f, 1)),
    };

    private readonly LlamaModel _model = NativeModels.LoadChat();
    private readonly PieceTable _pieces;
    private readonly SamplerScratch _scratch;

    public NativeChainTests()
    {
        _pieces = new PieceTable(
            [.. Enumerable.Range(0, _model.Vocabulary.Size).Select(token => _model.Vocabulary.ReadPiece(token, true))],
            new bool[_model.Vocabulary.Size]);
        _scratch = new SamplerScratch(_model.Vocabulary.Size);
    }

    public static TheoryData<string> Names => [.. Chains.Keys];

    private static DryOptions Dry => new() { Multiplier = 0.9f, Base = 1.6f, AllowedLength = 2, LastTokens = 100 };

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Draws_are_distributed_as_the_native_chain_says(string name)
    {
        var (options, build) = Chains[name];
        for (var round = 0; round < 3; round++)
        {
            var source = new Random((round * 31) + name.Length);
            var logits = RandomLogits(source, 1.5 + round);
            var history = Enumerable.Range(0, 80).Select(_ => source.Next(12)).ToList();
            using var native = build(new LlamaSampler(_model));
            history.ForEach(native.Accept);
            var expected = Softmax(native.Narrow(logits));
            var chain = new SamplerChain(options, (uint)(1000 + round), 100, _pieces);
            history.ForEach(chain.Accept);
            var counts = new int[logits.Length];
            for (var draw = 0; draw < DrawCount; draw++)
            {
                counts[chain.Sample(logits, _scratch)]++;
            }

            Assert.All(
                Enumerable.Range(0, counts.Length).Where(token => counts[token] > 0),
                token => Assert.True(expected.ContainsKey(token), $"The native chain never draws {token}."));
            AssertFits(expected.Select(item => (DrawCount * item.Value, (double)counts[item.Key])));
        }
    }

    [Theory]
    [InlineData(1, 3f)]
    [InlineData(1, 6f)]
    [InlineData(2, 3f)]
    [InlineData(2, 6f)]
    public void Mirostat_draws_like_the_native_one(int version, float tau)
    {
        const int ChainCount = 3_000;
        var logits = RandomLogits(new Random(version), 2.5);
        var options = new SamplingOptions
        {
            Mirostat = version,
            MirostatTau = tau,
            MirostatEta = 0.4f,
            Temperature = 1.2f,
        };
        var (ours, theirs) = (new int[logits.Length], new int[logits.Length]);
        for (var seed = 0U; seed < ChainCount; seed++)
        {
            using var native = new LlamaSampler(_model).AddTemperature(1.2f).AddMirostat(version, tau, 0.4f, seed);
            var chain = new SamplerChain(options, seed, 100);
            // The second and third tokens depend on how surprising the ones before were.
            for (var token = 0; token < 3; token++)
            {
                var drawn = chain.Sample(logits, _scratch);
                chain.Accept(drawn);
                ours[drawn]++;
                theirs[native.Sample(logits)]++;
            }
        }

        var statistic = 0.0;
        var freedom = -1;
        foreach (var (a, b) in ours.Zip(theirs).Where(pair => pair.First + pair.Second >= 10))
        {
            statistic += Math.Pow(a - b, 2) / (a + b);
            freedom++;
        }

        Assert.InRange(statistic, 0, freedom + (5 * Math.Sqrt(2 * freedom)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Repetitions_are_lowered_as_the_native_sampler_lowers_them(int allowedLength)
    {
        var options = Dry with { AllowedLength = allowedLength, LastTokens = 40 };
        var source = new Random(allowedLength);
        var breaker = Assert.Single(_model.Vocabulary.Tokenize(":", false, false));
        var compared = 0;
        for (var round = 0; round < 100; round++)
        {
            var history = Enumerable.Range(0, source.Next(1, 70))
                .Select(_ => source.Next(25) == 0 ? breaker : 300 + source.Next(3)).ToList();
            using var native = AddDry(new LlamaSampler(_model), options);
            history.ForEach(native.Accept);
            var expected = native.Narrow(new float[_model.Vocabulary.Size]).OrderBy(item => item.Token).ToList();
            var window = RepetitionWindow.Create(options, 1000, _pieces)!;
            history.ForEach(window.Accept);
            var logits = new float[_model.Vocabulary.Size];
            window.Apply(logits);
            Assert.All(
                expected,
                item => Assert.Equal(item.Score, logits[item.Token], 0.001f * (1 + MathF.Abs(item.Score))));
            compared += expected.Count(item => item.Score < 0);
            window.Restore(logits);
            Assert.All(logits, logit => Assert.Equal(0f, logit));
        }

        Assert.True(compared > 10, $"Only {compared} tokens were lowered at all.");
    }

    private static LlamaSampler AddDry(LlamaSampler chain, DryOptions? options = null)
    {
        options ??= Dry;
        return chain.AddDry(
            options.Multiplier, options.Base, options.AllowedLength, options.LastTokens, options.Breakers);
    }

    private static Dictionary<int, double> Softmax(IReadOnlyList<(int Token, float Score)> candidates)
    {
        var best = candidates.Max(item => item.Score);
        var weights = candidates
            .Where(item => !float.IsNegativeInfinity(item.Score))
            .ToDictionary(item => item.Token, item => Math.Exp(item.Score - (double)best));
        var sum = weights.Values.Sum();
        return weights.ToDictionary(item => item.Key, item => item.Value / sum);
    }

    // Chi-square over the tokens that are expected often enough, and over all others together.
    private static void AssertFits(IEnumerable<(double Expected, double Counted)> tokens)
    {
        var groups = tokens.ToLookup(token => token.Expected >= 5);
        List<(double Expected, double Counted)> bins = [.. groups[true]];
        var rest = (Expected: groups[false].Sum(token => token.Expected), groups[false].Sum(token => token.Counted));
        if (rest.Expected >= 5)
        {
            bins.Add(rest);
        }

        var statistic = bins.Sum(bin => Math.Pow(bin.Counted - bin.Expected, 2) / bin.Expected);
        var freedom = Math.Max(bins.Count - 1, 1);
        Assert.InRange(statistic, 0, freedom + (5 * Math.Sqrt(2 * freedom)));
    }

    private float[] RandomLogits(Random source, double spread)
    {
        var logits = new float[_model.Vocabulary.Size];
        for (var token = 0; token < logits.Length; token++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - source.NextDouble()));
            logits[token] = (float)(radius * Math.Cos(2 * Math.PI * source.NextDouble()) * spread);
        }

        return logits;
    }

    private sealed record Case(SamplingOptions Options, Func<LlamaSampler, LlamaSampler> Build);
}
