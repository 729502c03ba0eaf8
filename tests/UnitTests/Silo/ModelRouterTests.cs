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
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.RerankAsync(
                new RerankRequest { Model = name, Query = "q", Documents = [] }, None)),
            await Assert.ThrowsAsync<ModelException>(
                () => silo.Models.TokenizeAsync(new TokenizeRequest { Model = name, Text = "" }, None)),
            await Assert.ThrowsAsync<ModelException>(
                () => silo.Models.DetokenizeAsync(new DetokenizeRequest { Model = name, Tokens = [] }, None)),
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

    [Theory]
    [InlineData(-1)]
    [InlineData(70_000)]
    [InlineData(int.MaxValue)]
    public async Task A_token_that_the_model_does_not_have_is_refused_before_anything_is_loaded(int token)
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var completion = new GenerationRequest
        {
            Model = "a",
            Kind = GenerationKind.Completion,
            PromptTokens = [1, token],
            Raw = true,
        };
        var refusals = new[]
        {
            await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(completion)),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.DetokenizeAsync(
                new DetokenizeRequest { Model = "a", Tokens = [1, token] }, None)),
            await Assert.ThrowsAsync<ModelException>(() => silo.Models.EmbedAsync(
                new EmbeddingRequest { Model = "e", Inputs = [], TokenInputs = [[1], [token]] }, None)),
        };
        Assert.All(refusals, refused => Assert.Equal(
            (ModelErrorCode.RequestInvalid, $"{token} is no token of this model, whose vocabulary has 70000"),
            (refused.Refusal.Code, refused.Refusal.Detail)));
        Assert.Equal(0, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_prompt_of_tokens_has_no_other_form_and_is_as_long_as_the_context_at_most()
    {
        await using var silo = new TestSilo(new SiloOptions());
        var tokens = new GenerationRequest
        {
            Model = "a",
            Kind = GenerationKind.Completion,
            PromptTokens = [.. Enumerable.Repeat((int)'x', 64)],
            Raw = true,
        };
        foreach (var wrong in new[] { tokens with { Raw = false }, tokens with { Prompt = "x" } })
        {
            var refused = await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(wrong));
            Assert.Equal(ModelErrorCode.RequestInvalid, refused.Refusal.Code);
        }

        var exceeded = await Assert.ThrowsAsync<ModelException>(
            () => silo.StartAsync(tokens with { Truncate = false }));
        Assert.Equal(ModelErrorCode.ContextExceeded, exceeded.Refusal.Code);
    }

    [Fact]
    public async Task A_token_input_is_cut_or_refused_like_a_text_and_may_not_be_empty()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        var request = new EmbeddingRequest
        {
            Model = "e",
            Inputs = [],
            TokenInputs = [[.. Enumerable.Repeat(7, 100)]],
        };
        Assert.Equal(64, (await silo.Models.EmbedAsync(request, None)).PromptTokenCount);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => silo.Models.EmbedAsync(request with { Truncate = false }, None));
        Assert.Equal(ModelErrorCode.InputTooLong, refused.Refusal.Code);
        refused = await Assert.ThrowsAsync<ModelException>(
            () => silo.Models.EmbedAsync(request with { TokenInputs = [[]] }, None));
        Assert.Equal("the input has no tokens", refused.Refusal.Detail);
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

    [Theory]
    [InlineData("</tool_call>", true)]
    [InlineData("x</tool_call>", false)]
    public async Task A_call_is_told_while_it_is_written_and_refused_if_it_breaks_then(string end, bool isWhole)
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["t"] = Caller();
        List<GenerationChunk> chunks = [];
        var running = ReadAsync();
        var sequence = await silo.Runners.NextSequenceAsync().ExpectAsync("the sequence starts");
        Assert.Null(sequence.Request.Grammar);
        sequence.Emit("So: <tool_call>{\"name\":\"f\",\"arguments\":{\"a\"");
        sequence.Emit(":1}}" + end);
        sequence.Finish();
        var refused = await running.ExpectAsync("the chat ends");
        Assert.Equal("So:", string.Concat(chunks.Select(chunk => chunk.Content)));
        Assert.StartsWith(
            "{\"a\"", string.Concat(chunks.SelectMany(chunk => chunk.CallPieces).Select(piece => piece.Arguments)));
        Assert.Equal(isWhole ? 1 : 0, chunks.Sum(chunk => chunk.ToolCalls.Count));
        Assert.Equal(isWhole ? null : ModelErrorCode.ToolCallMalformed, refused?.Refusal.Code);

        async Task<ModelException?> ReadAsync()
        {
            try
            {
                var request = TestSilo.Chat("t") with { Tools = [Tool], CallsInPieces = true };
                await foreach (var chunk in silo.Models.GenerateAsync(request, None))
                {
                    chunks.Add(chunk);
                }

                return null;
            }
            catch (ModelException exception)
            {
                return exception;
            }
        }
    }

    [Fact]
    public async Task A_format_beside_tools_leaves_room_for_a_call()
    {
        await using var silo = new TestSilo(new SiloOptions());
        silo.Library.Models["t"] = Caller();
        var running = silo.StartAsync(TestSilo.Chat("t") with
        {
            Tools = [Tool],
            Format = new OutputFormat(OutputFormatKind.Json, null),
        });
        var sequence = await silo.Runners.NextSequenceAsync().ExpectAsync("the sequence starts");
        Assert.Contains("\"<tool_call>\"", sequence.Request.Grammar);
        sequence.Emit("<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>");
        sequence.Finish();
        Assert.Single((await running.ExpectAsync("the chat ends")).SelectMany(chunk => chunk.ToolCalls));
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

    private static ToolDefinition Tool => new() { Name = "f", Definition = JsonElement.Parse("{}") };

    /// <summary>A model whose template shows how its calls look.</summary>
    private static ModelDescription Caller()
    {
        var model = ScriptedLibrary.Describe("t", ModelCapability.Completion, ModelCapability.Tools);
        return model with
        {
            WeightsDescription = model.WeightsDescription with
            {
                ChatTemplate = "{% if tools %}<tool_call>{% endif %}{{ messages[0].content }}",
            },
        };
    }

    private static async Task<string> VectorAsync(Task<EmbeddingResult> embedding) =>
        string.Join(' ', Assert.Single((await embedding.ExpectAsync("the vector comes")).Vectors));
}
