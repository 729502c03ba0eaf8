using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Draft models that a request, or the parameters of a model, name.</summary>
public sealed class NamedDraftTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_draft_model_is_loaded_beside_the_model_and_proposes()
    {
        await using var silo = new TestSilo(new SiloOptions());
        var chat = silo.StartAsync(Chat("a", "small"));
        var sequence = await silo.Runners.NextSequenceAsync();
        Assert.Equal(4, sequence.Request.DraftTokensMax);
        Assert.Equal(PathOf("small"), silo.Runners.LastRunner!.Specification.DraftPath);
        sequence.Finish();
        await chat.ExpectAsync("the chat ends");

        // Without it, the model is another load; counting and loading find the one that is there.
        await silo.Models.CountTokensAsync(Chat("a", "small"), None).ExpectAsync("the tokens are counted");
        await silo.Models.LoadAsync(
            new LoadRequest { Model = "a", Kind = GenerationKind.Chat, Options = Draft("small:latest") }, None)
            .ExpectAsync("the model is ready");
        Assert.Equal(1, silo.Runners.LoadCount);
        var plain = silo.StartAsync(TestSilo.Chat("a"));
        sequence = await silo.Runners.NextSequenceAsync();
        Assert.Equal(0, sequence.Request.DraftTokensMax);
        Assert.Null(silo.Runners.LastRunner!.Specification.DraftPath);
        sequence.Finish();
        await plain.ExpectAsync("the chat ends");
    }

    [Theory]
    [InlineData(null, "layer")]
    [InlineData("small", "small")]
    [InlineData("", null)]
    public async Task The_request_goes_before_the_models_parameters_and_those_before_its_layer(
        string? asked, string? expected)
    {
        await using var silo = new TestSilo(new SiloOptions());
        var layer = ScriptedLibrary.Describe("layer");
        silo.Library.Models["a"] = ScriptedLibrary.Describe("a") with
        {
            Draft = new DraftDescription(layer.Weights, layer.WeightsDescription),
        };
        silo.Library.Models["b"] = silo.Library.Models["a"] with
        {
            Name = ScriptedLibrary.Describe("b").Name,
            Parameters = Draft("other"),
        };
        Assert.Equal(expected, await LoadAsync("a"));
        Assert.Equal(asked is null ? "other" : expected, await LoadAsync("b"));

        async Task<string?> LoadAsync(string model)
        {
            var chat = silo.StartAsync(asked is null ? TestSilo.Chat(model) : Chat(model, asked));
            (await silo.Runners.NextSequenceAsync()).Finish();
            await chat.ExpectAsync("the chat ends");
            var path = silo.Runners.LastRunner!.Specification.DraftPath;
            return ((string?[])["layer", "small", "other"]).SingleOrDefault(name => PathOf(name!) == path);
        }
    }

    [Theory]
    [InlineData("missing", "there is no such model")]
    [InlineData("a b", "that is no name of a model")]
    [InlineData("e", "it generates no text")]
    [InlineData("wide", "it has another vocabulary: it has 70129 tokens and not 70000")]
    public async Task One_that_cannot_serve_is_refused_before_anything_is_loaded(string name, string reason)
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var wide = ScriptedLibrary.Describe("wide");
        silo.Library.Models["wide"] = wide with
        {
            WeightsDescription = wide.WeightsDescription with { VocabularySize = 70_129 },
        };
        var refused = await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(Chat("a", name)));
        Assert.Equal(
            new Refusal(ModelErrorCode.RequestInvalid, "a", $"draft_model \"{name}\" cannot be used: {reason}"),
            refused.Refusal);
        Assert.Equal(0, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task What_the_engine_finds_refuses_those_who_name_the_draft_model_and_nobody_else()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Runners.DraftRefusal = "it has another vocabulary: its token 7 is another one";
        var small = ScriptedLibrary.Describe("small");
        silo.Library.Models["layered"] = ScriptedLibrary.Describe("a") with
        {
            Name = ScriptedLibrary.Describe("layered").Name,
            Draft = new DraftDescription(small.Weights, small.WeightsDescription),
        };
        var layered = silo.StartAsync(TestSilo.Chat("layered"));
        (await silo.Runners.NextSequenceAsync()).Finish();
        await layered.ExpectAsync("the chat ends");
        foreach (var bad in (Func<Task>[])
            [
                () => silo.StartAsync(Chat("a", "small")),
                () => silo.Models.LoadAsync(
                    new LoadRequest { Model = "a", Kind = GenerationKind.Chat, Options = Draft("small") }, None),
            ])
        {
            var refused = await Assert.ThrowsAsync<ModelException>(bad).ExpectAsync("the request is refused");
            Assert.Equal(
                "draft_model \"small\" cannot be used: it has another vocabulary: its token 7 is another one",
                refused.Refusal.Detail);
            Assert.Equal((ModelErrorCode.RequestInvalid, "a"), (refused.Refusal.Code, refused.Refusal.Model));
        }

        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_model_that_embeds_has_no_use_for_one()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        await silo.Models.EmbedAsync(
            new EmbeddingRequest { Model = "e", Inputs = ["x"], Options = Draft("missing") }, None)
            .ExpectAsync("the vector comes");
        Assert.Null(silo.Runners.LastRunner!.Specification.DraftPath);
    }

    private static GenerationRequest Chat(string model, string draft) =>
        TestSilo.Chat(model) with { Options = Draft(draft) };

    private static Dictionary<string, JsonElement> Draft(string name) =>
        new() { ["draft_model"] = JsonSerializer.SerializeToElement(name) };

    private static string PathOf(string name) => $"/blobs/{ScriptedLibrary.Describe(name).Weights.Hex}";
}
