using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class SequenceGapsTests
{
    [Theory]
    [InlineData("x", false, false)]
    [InlineData("xxxx", false, false)]
    [InlineData("..xx..", false, false)]
    // On a CPU two products of one token each cost no more than one of three.
    [InlineData("x.x", false, true)]
    [InlineData("x..............x", false, false)]
    [InlineData("xxx............x", false, false)]
    [InlineData("xxxxxxx..xxxxxxx", true, true)]
    [InlineData("x.x.x.x.x.x.x.x.", true, true)]
    [InlineData("xx.x", false, true)]
    public void Gaps_are_filled_where_that_saves_more_than_it_costs(string sequences, bool onCpu, bool onGpu)
    {
        int[] counts = [.. sequences.Select(letter => letter == 'x' ? 1 : 0)];
        Assert.Equal(onCpu, SequenceGaps.AreWorthFilling(counts, onGpu: false));
        Assert.Equal(onGpu, SequenceGaps.AreWorthFilling(counts, onGpu: true));
    }
}
