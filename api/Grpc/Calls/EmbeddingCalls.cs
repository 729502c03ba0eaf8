using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.v1.EmbeddingService</c>.</summary>
internal sealed class EmbeddingCalls(IModels models, IHostApplicationLifetime host)
    : Wire.EmbeddingService.EmbeddingServiceBase
{
    private const int InFlightDefault = 16;
    private const int InFlightMax = 256;

    /// <inheritdoc/>
    public override async Task<Wire.EmbedResponse> Embed(Wire.EmbedRequest request, ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        var encode = EmbeddingMapping.Encoder(request.Encoding, request.Model);
        var result = await models.EmbedAsync(request.ToContract(call), call.Aborted);
        return new Wire.EmbedResponse
        {
            Model = request.Model,
            Embeddings = { result.Vectors.Select(encode) },
            PromptTokens = result.PromptTokenCount,
            TotalDurationNs = WireTime.Nanoseconds(result.TotalDuration),
            LoadDurationNs = WireTime.Nanoseconds(result.LoadDuration),
        };
    }

    /// <inheritdoc/>
    public override async Task EmbedStream(
        IAsyncStreamReader<Wire.EmbedStreamRequest> requestStream,
        IServerStreamWriter<Wire.EmbedStreamResponse> responseStream,
        ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        if (!await requestStream.MoveNext(call.Aborted) || requestStream.Current.Settings is not { } settings)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, detail: "the first message of the stream must be its settings");
        }

        call.Name(settings);
        var inFlightMax = settings.HasInFlightMax ? settings.InFlightMax : InFlightDefault;
        if (inFlightMax is < 1 or > InFlightMax)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, settings.Model, $"in_flight_max must be between 1 and {InFlightMax}");
        }

        var encode = EmbeddingMapping.Encoder(settings.Encoding, settings.Model);
        var request = settings.ToContract(call);

        // Loads the model, and refuses before the first item what no item could change.
        await models.EmbedAsync(request, call.Aborted);
        await new EmbedStreamRun(models, request, encode, inFlightMax, call, host.ApplicationStopping)
            .RunAsync(requestStream, responseStream);
    }
}
