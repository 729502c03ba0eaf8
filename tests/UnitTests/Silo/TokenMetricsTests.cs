using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What is counted of tokens.</summary>
public sealed class TokenMetricsTests
{
    [Fact]
    public async Task A_finished_generation_counts_its_tokens_under_the_full_name()
    {
        await using var silo = new TestSilo(new SiloOptions());
        var sums = new Dictionary<string, long>();
        using var listener = silo.Meters.Listen("ollama.tokens", sums);
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        sequence.Emit("x");
        sequence.Finish(cachedTokenCount: 3);
        await chat.ExpectAsync("the chat ends");
        var model = $"model={ScriptedLibrary.Describe("a").Name}";
        Assert.Equal(sequence.Prompt.Length, sums[$"kind=input {model}"]);
        Assert.Equal(3, sums[$"kind=cached {model}"]);
        Assert.Equal(1, sums[$"kind=output {model}"]);
        Assert.Equal(3, sums.Count);

        var drafted = silo.StartAsync(TestSilo.Chat("a"));
        (await silo.Runners.NextSequenceAsync()).Finish(proposedTokenCount: 9, acceptedTokenCount: 0);
        await drafted.ExpectAsync("the chat ends");
        Assert.Equal((9, 0), (sums[$"kind=proposed {model}"], sums[$"kind=accepted {model}"]));
    }

    [Fact]
    public async Task Embedded_texts_count_as_input()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var sums = new Dictionary<string, long>();
        using var listener = silo.Meters.Listen("ollama.tokens", sums);
        var result = await silo.Models
            .EmbedAsync(new EmbeddingRequest { Model = "e", Inputs = ["one", "another"] }, CancellationToken.None)
            .ExpectAsync("the vectors come");
        var sum = Assert.Single(sums);
        Assert.Equal($"kind=input model={ScriptedLibrary.Describe("e").Name}", sum.Key);
        Assert.Equal(result.PromptTokenCount, sum.Value);
        Assert.True(sum.Value > 0);
    }
}
