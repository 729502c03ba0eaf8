using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.FunctionalTests.Proxies;

/// <summary>Models that produce a chunk only when the client has read the one before.</summary>
internal sealed class ReadersPace : IModels
{
    public const int ChunkCount = 8;

    private readonly Channel<bool> _read = Channel.CreateBounded<bool>(1);

    /// <summary>The client has read what was produced last.</summary>
    public ValueTask HasReadAsync(CancellationToken cancellationToken) =>
        _read.Writer.WriteAsync(true, cancellationToken);

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var index = 0; index < ChunkCount; index++)
        {
            yield return new GenerationChunk { Content = $"<{index}>" };
            await _read.Reader.ReadAsync(cancellationToken);
        }

        yield return new GenerationChunk { FinishReason = FinishReason.Stop, Usage = new GenerationUsage() };
    }

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<RenderedPrompt> RenderAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new RenderedPrompt("Hi", ImageCount: 0));

    public Task<int> CountTokensAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<RerankResult> RerankAsync(RerankRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task LoadAsync(LoadRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task UnloadAsync(string model, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<LoadedModelStatus>> ListLoadedAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
