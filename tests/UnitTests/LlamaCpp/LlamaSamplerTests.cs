using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaSamplerTests : IDisposable
{
    private readonly LlamaModel _model = NativeModels.LoadChat();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_full_chain_answers_like_the_greedy_one_at_low_temperature()
    {
        using var sampler = new LlamaSampler(_model)
            .AddPenalties(64, 1f, 0f, 0f)
            .AddTopK(40)
            .AddTypicalP(1f)
            .AddTopP(0.9f)
            .AddMinP(0.05f)
            .AddTemperature(0.05f)
            .AddDraw(7);

        Assert.Equal(7, sampler.Count);
        Assert.Equal(NativeModels.Answer, Complete(sampler));
    }

    [Fact]
    public void A_grammar_forces_its_language()
    {
        using var sampler = new LlamaSampler(_model).AddGrammar("root ::= \"Rome\" | \"Oslo\"", "root").AddGreedy();

        Assert.Contains(Complete(sampler), (string[])["Rome", "Oslo"]);
    }

    [Theory]
    [InlineData("root ::= \"unfinished")]
    [InlineData("root ::= missing")]
    [InlineData("other ::= \"a\"")]
    public void A_broken_grammar_is_refused(string grammar)
    {
        using var sampler = new LlamaSampler(_model);

        Assert.Throws<LlamaLoadException>(() => sampler.AddGrammar(grammar, "root"));
    }

    [Fact]
    public void A_token_that_the_grammar_forbids_is_refused_and_the_process_lives()
    {
        using var sampler = new LlamaSampler(_model).AddGrammar("root ::= \"ab\"", "root");
        var a = Assert.Single(_model.Vocabulary.Tokenize("a", false, false));
        var z = Assert.Single(_model.Vocabulary.Tokenize("z", false, false));

        Assert.True(sampler.Allows(a));
        Assert.False(sampler.Allows(z));
        Assert.Throws<InvalidOperationException>(() => sampler.Accept(z));
        sampler.Accept(a);
        Assert.False(sampler.Allows(a));
        sampler.Reset();
        Assert.True(sampler.Allows(a));
    }

    [Fact]
    public void A_bias_decides()
    {
        var token = Assert.Single(_model.Vocabulary.Tokenize("z", false, false));
        using var context = NativeModels.CreateContext(_model);
        using var sampler = new LlamaSampler(_model).AddLogitBias([(token, 1000f)]).AddGreedy();
        var batch = new LlamaBatch(1);
        batch.Add(1, 0, 0, true);
        context.Decode(batch);

        Assert.Equal(token, sampler.Sample(context, 0));
    }

    [Fact]
    public void Arguments_that_the_library_would_not_survive_are_refused()
    {
        using var context = NativeModels.CreateContext(_model);
        using var sampler = new LlamaSampler(_model);
        var batch = new LlamaBatch(1);
        batch.Add(1, 0, 0, true);
        context.Decode(batch);

        Assert.Throws<InvalidOperationException>(() => sampler.Sample(context, 0));
        Assert.Throws<ArgumentException>(() => sampler.Sample(context, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Accept(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Allows(1536));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.AddLogitBias([(1536, 1f)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.AddPenalties(-1, 1f, 0f, 0f));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.AddPenalties(64, 0f, 0f, 0f));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.AddPenalties(64, 1f, float.NaN, 0f));
    }

    private string Complete(LlamaSampler sampler)
    {
        using var context = NativeModels.CreateContext(_model);
        var batch = new LlamaBatch(256);
        var prompt = _model.Vocabulary.Tokenize(NativeModels.Question, true, true);
        for (var position = 0; position < prompt.Length; position++)
        {
            batch.Add(prompt[position], position, 0, position == prompt.Length - 1);
        }

        var tokens = new List<int>();
        for (var position = prompt.Length; position < 200; position++)
        {
            Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
            var token = sampler.Sample(context, batch.Count - 1);
            if (_model.Vocabulary.IsEnd(token))
            {
                break;
            }

            tokens.Add(token);
            batch.Clear();
            batch.Add(token, position, 0, true);
        }

        return _model.Vocabulary.Detokenize([.. tokens], special: true);
    }
}
