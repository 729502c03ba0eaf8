using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/rerank</c>: Ollama has no such route, its users ask for it.</summary>
internal sealed class RerankRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = RerankBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Rerank);
        var result = await models.RerankAsync(
            body.ToRequest(model.Text) with { Priority = request.Priority, Deadline = request.Deadline },
            request.Aborted);
        await request.ReplyAsync(
            new RerankReply
            {
                Model = body.Model,
                Results = RerankItem.Of(body, result),
                TotalDuration = WireTime.Nanoseconds(result.TotalDuration),
                LoadDuration = WireTime.Nanoseconds(result.LoadDuration),
                PromptEvalCount = result.PromptTokenCount,
            },
            WireJson.Default.RerankReply);
    }
}
