using System.Globalization;
using System.Runtime.CompilerServices;
using Ollama.Platform.Benchmarks.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>
/// Models that cost nothing, so that only the way to the client is measured. The last message says how many chunks
/// come; <see cref="IdleText"/> sends one and then nothing more.
/// </summary>
internal sealed class ScriptedRuns : IModels
{
    /// <summary>What asks for a stream that goes on in silence.</summary>
    public const string IdleText = "idle";

    private static readonly GenerationChunk Word = new() { Content = " word" };

    private static readonly GenerationChunk Last = new()
    {
        FinishReason = FinishReason.Stop,
        Usage = new GenerationUsage { PromptTokenCount = 8, CompletionTokenCount = 8 },
    };

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var script = request.Messages[^1].Content;
        if (script == IdleText)
        {
            yield return Word;
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        for (var count = int.Parse(script, CultureInfo.InvariantCulture); count > 1; count--)
        {
            yield return Word;
        }

        yield return Last;
    }

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new EmbeddingResult
        {
            Vectors = [.. request.Inputs.Select(_ => FixedVector.Components)],
            PromptTokenCount = 8,
            TotalDuration = TimeSpan.FromMilliseconds(5),
        });

    public Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new RenderedPrompt("", 0));

    public Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(8);

    public Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new RerankResult { Scores = new float[request.Documents.Count] });

    public Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new TokenizeResult { Tokens = [] });

    public Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new DetokenizeResult { Text = "" });

    public Task LoadAsync(LoadRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task UnloadAsync(string model, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LoadedModelStatus>>([]);
}
