using Grpc.Core;
using Grpc.Net.Client;
using Ollama.V1;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>Asks for embeddings over gRPC.</summary>
internal sealed class GrpcEmbeddings(GrpcChannel channel, CancellationToken cancellationToken)
{
    private const string Text = "What is the capital of France?";

    private readonly EmbeddingService.EmbeddingServiceClient _client = new(channel);

    /// <summary>Asks for the vectors of so many texts in one call; returns the length of the answer.</summary>
    public async Task<int> AskAsync(int textCount)
    {
        var answer = await _client.EmbedAsync(
            new EmbedRequest { Model = "any", Input = { Enumerable.Repeat(Text, textCount) } },
            cancellationToken: cancellationToken);
        return VectorForms.WireBytes(answer);
    }

    /// <summary>Sends so many texts through one stream; returns the length of an answer.</summary>
    public async Task<int> StreamAsync(int textCount)
    {
        using var call = _client.EmbedStream(cancellationToken: cancellationToken);
        var reading = ReadAsync(call.ResponseStream);
        await call.RequestStream.WriteAsync(
            new EmbedStreamRequest { Settings = new EmbedSettings { Model = "any" } }, cancellationToken);
        for (var text = 0; text < textCount; text++)
        {
            await call.RequestStream.WriteAsync(
                new EmbedStreamRequest { Item = new EmbedItem { Id = "text", Input = Text } }, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        return await reading;
    }

    private async Task<int> ReadAsync(IAsyncStreamReader<EmbedStreamResponse> results)
    {
        var bytes = 0;
        while (await results.MoveNext(cancellationToken))
        {
            bytes = VectorForms.WireBytes(results.Current);
        }

        return bytes;
    }
}
