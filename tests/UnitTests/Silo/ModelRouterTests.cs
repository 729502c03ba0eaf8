using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What the frontend's half promises on any host.</summary>
public sealed class ModelRouterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("missing", ModelErrorCode.ModelNotFound)]
    [InlineData("a b", ModelErrorCode.NameInvalid)]
    [InlineData("../../etc/passwd", ModelErrorCode.NameInvalid)]
    [InlineData("a\0", ModelErrorCode.NameInvalid)]
    [InlineData("", ModelErrorCode.NameInvalid)]
    public async Task A_name_that_leads_nowhere_is_refused_as_it_was_written(string name, ModelErrorCode code)
    {
        await using var silo = new TestSilo(new SiloOptions());
        var load = new LoadRequest { Model = name, Kind = GenerationKind.Chat };
        var refusals = new[]
        {
            await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(TestSilo.Chat(name))),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.LoadAsync(load, None)),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.UnloadAsync(name, None)),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.RenderAsync(TestSilo.Chat(name), None)),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.CountTokensAsync(TestSilo.Chat(name), None)),
            await Assert.ThrowsAsync<ModelException>(
                () => silo.Models.EmbedAsync(new EmbeddingRequest { Model = name, Inputs = [] }, None)),
        };
        Assert.All(refusals, refused => Assert.Equal(new Refusal(code, name, null), refused.Refusal));
    }

    [Fact]
    public async Task A_request_for_no_tokens_gets_the_size_of_its_prompt()
    {
        await using var silo = new TestSilo(new SiloOptions());
        var chunks = await silo.StartAsync(TestSilo.Chat("a") with { Options = TestSilo.Option("num_predict", 0) })
            .ExpectAsync("the chat ends");
        var last = Assert.Single(chunks);
        Assert.Equal(FinishReason.Length, last.FinishReason);
        Assert.Equal(8, last.Usage!.PromptTokenCount);
    }

    [Fact]
    public async Task A_forced_call_follows_a_grammar_and_becomes_a_call()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["t"] =
            ScriptedLibrary.Describe("t", ModelCapability.Completion, ModelCapability.Tools);
        var running = silo.StartAsync(TestSilo.Chat("t") with
        {
            Tools = [new ToolDefinition { Name = "f", Definition = JsonElement.Parse("{}") }],
            ToolChoice = new ToolChoice { Required = true },
            CallsInPieces = true,
            Format = new OutputFormat(OutputFormatKind.Json, null),
            Options = new Dictionary<string, JsonElement> { ["stop"] = JsonElement.Parse("[\"}\"]") },
        });
        var sequence = await silo.Runners.NextSequenceAsync().ExpectAsync("the sequence starts");
        Assert.Contains("\"\\\"f\\\"\"", sequence.Request.Grammar);
        Assert.Empty(sequence.Request.StopSequences);
        sequence.Emit("{\"name\":\"f\",\"arguments\":{\"a\"");
        sequence.Emit(":1}}");
        sequence.Finish();
        var chunks = await running.ExpectAsync("the chat ends");
        Assert.Equal(
            "{\"a\":1}", string.Concat(chunks.SelectMany(chunk => chunk.CallPieces).Select(piece => piece.Arguments)));
        var call = Assert.Single(chunks.SelectMany(chunk => chunk.ToolCalls));
        Assert.Equal(("f", "{\"a\":1}"), (call.Name, call.Arguments.GetRawText()));
        Assert.All(chunks, chunk => Assert.Equal("", chunk.Content));
        Assert.Equal(FinishReason.ToolCalls, chunks[^1].FinishReason);
    }

    [Fact]
    public async Task A_long_input_is_cut_or_refused_as_the_request_says()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var request = new EmbeddingRequest { Model = "e", Inputs = [new string('x', 100)] };
        var result = await silo.Models.EmbedAsync(request, None).ExpectAsync("the vector comes");
        Assert.Equal(64, result.PromptTokenCount);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => silo.Models.EmbedAsync(request with { Truncate = false }, None));
        Assert.Equal(
            new Refusal(ModelErrorCode.InputTooLong, "e", "the input length exceeds the context length"),
            refused.Refusal);
        refused = await Assert.ThrowsAsync<ModelException>(
            () => silo.Models.EmbedAsync(request with { Model = "a" }, None));
        Assert.Equal(new Refusal(ModelErrorCode.EmbeddingUnsupported, "a", null), refused.Refusal);
    }

    [Fact]
    public async Task Vectors_are_cut_and_scaled_as_the_request_says()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var request = new EmbeddingRequest { Model = "e", Inputs = ["x"] };
        Assert.Equal("1", await VectorAsync(silo.Models.EmbedAsync(request with { DimensionCount = 1 }, None)));
        Assert.Equal("0.6 0.8", await VectorAsync(silo.Models.EmbedAsync(request with { DimensionCount = 9 }, None)));
        Assert.Equal("3 4", await VectorAsync(silo.Models.EmbedAsync(request with { Normalize = false }, None)));
        silo.Runners.Embed = _ => [0f, 0f];
        Assert.Equal("0 0", await VectorAsync(silo.Models.EmbedAsync(request, None)));
        Assert.Empty((await silo.Models.EmbedAsync(request with { Inputs = [] }, None)).Vectors);
    }

    [Fact]
    public async Task Rendering_loads_nothing()
    {
        await using var silo = new TestSilo(new SiloOptions());
        Assert.Equal("user:hi|", (await silo.Models.RenderAsync(TestSilo.Chat("a"), None)).Text);
        Assert.Equal(0, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_template_that_fails_is_a_refusal_with_line_and_column()
    {
        await using var silo = new TestSilo(new SiloOptions());
        var broken = ScriptedLibrary.Describe("broken");
        silo.Library.Models["broken"] = broken with
        {
            WeightsDescription = broken.WeightsDescription with { ChatTemplate = "\n {{ raise_exception('no') }}" },
        };
        var refused = await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(TestSilo.Chat("broken")))
            .ExpectAsync("the chat is refused");
        Assert.Equal(ModelErrorCode.TemplateFailed, refused.Refusal.Code);
        Assert.Equal("broken", refused.Refusal.Model);
        Assert.StartsWith("template:2:", refused.Refusal.Detail);
    }

    private static async Task<string> VectorAsync(Task<EmbeddingResult> embedding) =>
        string.Join(' ', Assert.Single((await embedding.ExpectAsync("the vector comes")).Vectors));
}
