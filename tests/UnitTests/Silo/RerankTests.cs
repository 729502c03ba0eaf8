using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What scoring documents makes of models, pairs and numbers.</summary>
public sealed class RerankTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly RerankRequest Request = new() { Model = "r", Query = "who", Documents = ["a", "b"] };

    private readonly TestSilo _silo = new(new SiloOptions());
    private readonly List<string> _pairs = [];

    public RerankTests()
    {
        Add("scripted");
        _silo.Library.Models["e"] = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        _silo.Runners.Embed = tokens =>
        {
            _pairs.Add(string.Concat(tokens.Select(token => (char)token)));
            return [_pairs.Count, 0];
        };
    }

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Theory]
    [InlineData("scripted", false, 0.7310586f, 0.8807971f)]
    [InlineData("scripted", true, 1f, 2f)]
    [InlineData("qwen3", false, 1f, 2f)]
    public async Task Scores_lie_between_0_and_1_unless_the_models_own_are_asked_for(
        string architecture, bool raw, float first, float second)
    {
        Add(architecture);
        var result = await _silo.Models.RerankAsync(Request with { RawScores = raw }, None);
        Assert.Equal([first, second], result.Scores);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("e")]
    public async Task A_model_that_does_not_rank_is_refused_and_not_loaded(string model)
    {
        var refused = await RefusedAsync(Request with { Model = model });
        Assert.Equal(new Refusal(ModelErrorCode.CapabilityMissing, model, "rerank"), refused);
        Assert.Equal(0, _silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Vectors_and_scores_that_nobody_waits_for_any_more_are_given_up()
    {
        var gate = new TaskCompletionSource();
        _silo.Runners.Gate = gate.Task;
        var deadline = TimeSpan.FromSeconds(3);
        Task[] waiting =
        [
            _silo.Models.RerankAsync(Request with { Deadline = deadline }, None),
            _silo.Models.EmbedAsync(
                new EmbeddingRequest { Model = "e", Inputs = ["x"], Deadline = deadline }, None),
        ];
        await _silo.Runners.NextLoadAsync();

        _silo.Time.Advance(deadline);

        foreach (var task in waiting)
        {
            var expired = await Assert.ThrowsAsync<ModelException>(() => task).ExpectAsync("the deadline ends it");
            Assert.Equal(ModelErrorCode.DeadlineExceeded, expired.Refusal.Code);
        }

        gate.SetResult();
    }

    [Fact]
    public async Task A_model_that_ranks_neither_embeds_nor_generates()
    {
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => _silo.Models.EmbedAsync(new EmbeddingRequest { Model = "r", Inputs = ["x"] }, None));
        Assert.Equal(ModelErrorCode.EmbeddingUnsupported, refused.Refusal.Code);
        refused = await Assert.ThrowsAsync<ModelException>(() => _silo.StartAsync(TestSilo.Chat("r")));
        Assert.Equal(new Refusal(ModelErrorCode.CapabilityMissing, "r", "completion"), refused.Refusal);
        Assert.Equal(0, _silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Too_many_documents_and_an_empty_query_are_refused()
    {
        var refused = await RefusedAsync(Request with { Documents = [.. Enumerable.Repeat("x", 2049)] });
        Assert.Equal("2049 documents are too many: at most 2048", refused.Detail);
        Assert.Equal("query must not be empty", (await RefusedAsync(Request with { Query = "" })).Detail);
        Assert.Empty((await _silo.Models.RerankAsync(Request with { Documents = [] }, None)).Scores);
    }

    [Fact]
    public async Task A_long_document_is_cut_or_refused_but_never_the_query()
    {
        var request = Request with { Documents = ["x", new string('y', 100)] };
        var result = await _silo.Models.RerankAsync(request, None);
        Assert.Equal(["<who|x>", $"<who|{new string('y', 58)}>"], _pairs);
        Assert.Equal(7 + 64, result.PromptTokenCount);
        var refused = await RefusedAsync(request with { Truncate = false });
        Assert.Equal(
            (ModelErrorCode.InputTooLong, "document 1 and the query exceed the 64 tokens that the model can compare"),
            (refused.Code, refused.Detail));
        refused = await RefusedAsync(request with { Query = new string('q', 61) });
        Assert.Equal(
            (ModelErrorCode.InputTooLong,
                "the query leaves no room for a document in the 64 tokens that the model can compare"),
            (refused.Code, refused.Detail));
    }

    [Fact]
    public async Task A_template_of_the_weights_takes_the_place_of_the_marks()
    {
        Add("scripted", "[{query}/{document}/{query}]");
        await _silo.Models.RerankAsync(Request with { Documents = ["a", new string('y', 100)] }, None);
        Assert.Equal(["[who/a/who]", $"[who/{new string('y', 54)}/who]"], _pairs);
        var refused = await RefusedAsync(Request with { Query = new string('q', 61) });
        Assert.Equal(ModelErrorCode.InputTooLong, refused.Code);
    }

    [Fact]
    public void Texts_that_look_like_places_stay_as_they_are() => Assert.Equal(
        "<{document}> <{query}> <{document}>",
        RankedPairs.Render("<{query}> <{document}> <{query}>", "{document}", "{query}"));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_score_that_is_no_number_is_a_failure(float score)
    {
        _silo.Runners.Embed = _ => [score];
        Assert.Equal(ModelErrorCode.EngineFailed, (await RefusedAsync(Request)).Code);
    }

    private void Add(string architecture, string? template = null)
    {
        var model = ScriptedLibrary.Describe("r", ModelCapability.Rerank);
        _silo.Library.Models["r"] = model with
        {
            WeightsDescription = model.WeightsDescription with
            {
                Architecture = architecture,
                RerankTemplate = template,
            },
        };
    }

    private async Task<Refusal> RefusedAsync(RerankRequest request) =>
        (await Assert.ThrowsAsync<ModelException>(() => _silo.Models.RerankAsync(request, None))).Refusal;
}
