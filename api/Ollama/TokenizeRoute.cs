using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>
/// <c>POST /api/tokenize</c> and <c>POST /api/detokenize</c>: Ollama has no such routes, its users ask for them.
/// </summary>
internal sealed class TokenizeRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Splits a text.</summary>
    public async Task SplitAsync(ApiRequest request)
    {
        var body = TokenizeBody.ReadText(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        var result = await models.TokenizeAsync(
            new TokenizeRequest
            {
                Model = ReadModel(request, body).Text,
                Text = body.Content,
                SpecialAdded = body.SpecialAdded,
                SpecialParsed = body.SpecialParsed,
                Options = body.Options,
                KeepAlive = body.KeepAlive,
            },
            request.Aborted);
        await request.ReplyAsync(
            new TokenizeReply
            {
                Model = body.Model,
                Tokens = result.Tokens,
                TotalDuration = WireTime.Nanoseconds(result.TotalDuration),
                LoadDuration = WireTime.Nanoseconds(result.LoadDuration),
            },
            WireJson.Default.TokenizeReply);
    }

    /// <summary>Joins tokens.</summary>
    public async Task JoinAsync(ApiRequest request)
    {
        var body = TokenizeBody.ReadTokens(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        var result = await models.DetokenizeAsync(
            new DetokenizeRequest
            {
                Model = ReadModel(request, body).Text,
                Tokens = body.Tokens,
                Options = body.Options,
                KeepAlive = body.KeepAlive,
            },
            request.Aborted);
        await request.ReplyAsync(
            new DetokenizeReply
            {
                Model = body.Model,
                Content = result.Text,
                TotalDuration = WireTime.Nanoseconds(result.TotalDuration),
                LoadDuration = WireTime.Nanoseconds(result.LoadDuration),
            },
            WireJson.Default.DetokenizeReply);
    }

    private static ModelReference ReadModel(ApiRequest request, TokenizeBody body)
    {
        request.Model = body.Model;
        return ModelReference.Parse(body.Model, RouteKind.Tokenize);
    }
}
