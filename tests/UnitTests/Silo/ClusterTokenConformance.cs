using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What every host of actors must do with tokens and scores, seen through <see cref="IModels"/>.</summary>
public abstract class ClusterTokenConformance : ClusterSharingConformance
{
    [Fact]
    public async Task Splitting_and_joining_load_the_model_and_wait_for_no_slot()
    {
        await using var silo = Create();
        var split = new TokenizeRequest { Model = "a", Text = "Hi", KeepAlive = TimeSpan.FromSeconds(90) };
        var tokens = await silo.Models.TokenizeAsync(split, None).ExpectAsync("the text is split");
        Assert.Equal(['H', 'i'], tokens.Tokens);
        Assert.Single(await silo.Models.ListLoadedAsync(None));
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(90)).ExpectAsync("the model becomes idle");
        var chats = Enumerable.Range(0, silo.Runners.LastRunner!.Specification.SlotCount)
            .Select(_ => silo.StartAsync(TestSilo.Chat("a"))).ToArray();
        var running = new List<ScriptedSequence>();
        foreach (var _ in chats)
        {
            running.Add(await silo.Runners.NextSequenceAsync());
        }

        var join = new DetokenizeRequest { Model = "a", Tokens = tokens.Tokens };
        Assert.Equal("Hi", (await silo.Models.DetokenizeAsync(join, None).ExpectAsync("tokens are joined")).Text);
        running.ForEach(sequence => sequence.Finish());
        await Task.WhenAll(chats).ExpectAsync("all chats end");
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Documents_are_scored_in_their_order()
    {
        await using var silo = Create();
        silo.Library.Models["r"] = ScriptedLibrary.Describe("r", ModelCapability.Rerank);
        List<string> pairs = [];
        silo.Runners.Embed = tokens =>
        {
            pairs.Add(string.Concat(tokens.Select(token => (char)token)));
            return [tokens.Length - 7, 99];
        };
        var request = new RerankRequest { Model = "r", Query = "who", Documents = ["x", "", "yyyy"], RawScores = true };
        var result = await silo.Models.RerankAsync(request, None).ExpectAsync("the scores come");
        Assert.Equal(["<who|x>", "<who|>", "<who|yyyy>"], pairs);
        Assert.Equal([0, -1, 3], result.Scores);
        Assert.Equal(23, result.PromptTokenCount);
        Assert.Single(await silo.Models.ListLoadedAsync(None));
    }

    [Fact]
    public async Task Tokens_of_a_client_reach_the_runner_as_they_are()
    {
        await using var silo = Create();
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        silo.Runners.Embed = tokens => [tokens.Length, tokens[0]];
        var embedding = await silo.Models.EmbedAsync(
            new EmbeddingRequest
            {
                Model = "e",
                Inputs = ["abc"],
                TokenInputs = [[1, 2], [3]],
                Normalize = false,
            },
            None).ExpectAsync("the vectors come");
        Assert.Equal([[3, 'a'], [2, 1], [1, 3]], embedding.Vectors);
        Assert.Equal(6, embedding.PromptTokenCount);
        var completion = silo.StartAsync(new GenerationRequest
        {
            Model = "a",
            Kind = GenerationKind.Completion,
            PromptTokens = ['x', 'y'],
            Raw = true,
        });
        var sequence = await silo.Runners.NextSequenceAsync();
        Assert.Equal("xy", sequence.Prompt);
        sequence.Finish();
        Assert.Equal(2, (await completion.ExpectAsync("the completion ends"))[^1].Usage!.PromptTokenCount);
    }
}
