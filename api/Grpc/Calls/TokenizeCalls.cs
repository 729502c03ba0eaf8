using Grpc.Core;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.v1.TokenizeService</c>.</summary>
internal sealed class TokenizeCalls(IModels models) : Wire.TokenizeService.TokenizeServiceBase
{
    /// <inheritdoc/>
    public override async Task<Wire.TokenizeResponse> Tokenize(Wire.TokenizeRequest request, ServerCallContext context)
    {
        var result = await models.TokenizeAsync(
            new TokenizeRequest
            {
                Model = ModelReference.Parse(request.Model, RouteKind.Chat).Text,
                Text = request.Text,
                SpecialAdded = request.AddSpecial,
                SpecialParsed = !request.HasParseSpecial || request.ParseSpecial,
                Options = OptionsReader.Read(request.Options, request.Model),
                KeepAlive = DurationReader.KeepAlive(request.KeepAlive, request.Model),
            },
            GrpcCall.Of(context).Aborted);
        return new Wire.TokenizeResponse
        {
            Tokens = { result.Tokens },
            TotalDurationNs = WireTime.Nanoseconds(result.TotalDuration),
            LoadDurationNs = WireTime.Nanoseconds(result.LoadDuration),
        };
    }

    /// <inheritdoc/>
    public override async Task<Wire.DetokenizeResponse> Detokenize(
        Wire.DetokenizeRequest request, ServerCallContext context)
    {
        var result = await models.DetokenizeAsync(
            new DetokenizeRequest
            {
                Model = ModelReference.Parse(request.Model, RouteKind.Chat).Text,
                Tokens = [.. request.Tokens],
                Options = OptionsReader.Read(request.Options, request.Model),
                KeepAlive = DurationReader.KeepAlive(request.KeepAlive, request.Model),
            },
            GrpcCall.Of(context).Aborted);
        return new Wire.DetokenizeResponse
        {
            Text = result.Text,
            TotalDurationNs = WireTime.Nanoseconds(result.TotalDuration),
            LoadDurationNs = WireTime.Nanoseconds(result.LoadDuration),
        };
    }
}
