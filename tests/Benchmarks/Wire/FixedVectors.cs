using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>Models that answer every text with one vector, so that all the time is the wire's.</summary>
internal sealed class FixedVectors : IModels
{
    public const int DimensionCount = 1024;

    private readonly EmbeddingResult _result = new()
    {
        Vectors = [Vector],
        PromptTokenCount = 8,
        TotalDuration = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>The vector.</summary>
    public static float[] Vector { get; } = NewVector();

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(_result);

    public IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<TokenizeResult> TokenizeAsync(
        TokenizeRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DetokenizeResult> DetokenizeAsync(
        DetokenizeRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LoadAsync(LoadRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task UnloadAsync(string model, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    // Of length 1, as embeddings are: components around 0.03 have nine digits in JSON.
    private static float[] NewVector()
    {
        var random = new Random(1);
        var vector = Enumerable.Range(0, DimensionCount).Select(_ => random.NextDouble() - 0.5).ToArray();
        var length = Math.Sqrt(vector.Sum(component => component * component));
        return [.. vector.Select(component => (float)(component / length))];
    }
}
