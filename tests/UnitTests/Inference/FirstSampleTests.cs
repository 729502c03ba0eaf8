using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class FirstSampleTests
{
    [Fact]
    public async Task It_is_chosen_once()
    {
        var first = FirstSample.Begin();

        await first;

        Assert.Same(first, FirstSample.Begin());
    }
}
