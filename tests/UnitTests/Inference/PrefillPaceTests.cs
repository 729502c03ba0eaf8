using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class PrefillPaceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Without_running_sequences_or_a_limit_prompts_fill_the_batch()
    {
        Assert.Equal(512, Measured(Limit, stepMilliseconds: 20, tokenMilliseconds: 5).TokensMax(decodeCount: 0));
        Assert.Equal(508, Measured(TimeSpan.Zero, 20, 5).TokensMax(decodeCount: 4));
    }

    [Theory]
    [InlineData(20, 1, 80)]
    [InlineData(20, 4, 20)]
    [InlineData(20, 0.01, 508)]
    [InlineData(0, 0.5, 200)]
    public void Prompts_get_what_the_limit_leaves(double step, double token, int expected) =>
        Assert.InRange(Measured(Limit, step, token).TokensMax(decodeCount: 4), expected - 1, expected);

    [Fact]
    public void A_prompt_goes_on_however_slow_the_engine_is()
    {
        // A step alone takes the limit up: prompts get as much time, and never less than a few tokens.
        Assert.Equal(20, Measured(Limit, stepMilliseconds: 200, tokenMilliseconds: 10).TokensMax(decodeCount: 4));
        Assert.Equal(16, Measured(Limit, stepMilliseconds: 200, tokenMilliseconds: 1000).TokensMax(decodeCount: 4));
    }

    [Fact]
    public void Before_anything_was_measured_a_step_is_not_stretched_far() =>
        Assert.Equal(128, new PrefillPace(Limit, 512).TokensMax(decodeCount: 1));

    [Fact]
    public void What_steps_take_is_learned_anew_when_it_changes()
    {
        var pace = Measured(Limit, stepMilliseconds: 20, tokenMilliseconds: 1);
        for (var count = 0; count < 40; count++)
        {
            pace.Measure(decodeCount: 4, prefillCount: 80, TimeSpan.FromMilliseconds(20 + (80 * 2)));
        }

        Assert.InRange(pace.TokensMax(decodeCount: 4), 39, 41);
    }

    private static PrefillPace Measured(TimeSpan limit, double stepMilliseconds, double tokenMilliseconds)
    {
        var pace = new PrefillPace(limit, batchTokensMax: 512);
        pace.Measure(decodeCount: 0, prefillCount: 100, TimeSpan.FromMilliseconds(tokenMilliseconds * 100));
        pace.Measure(decodeCount: 4, prefillCount: 0, TimeSpan.FromMilliseconds(stepMilliseconds));
        return pace;
    }
}
