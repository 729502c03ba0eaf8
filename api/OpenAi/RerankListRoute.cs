using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>POST /v1/rerank</c>: OpenAI has no such route; the shape is Jina's and Cohere's.</summary>
internal sealed class RerankListRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = RerankBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Rerank);
        var result = await models.RerankAsync(
            body.ToRequest(model.Text) with { Priority = request.Priority, Deadline = request.Deadline },
            request.Aborted);
        await OpenAiReplies.ReplyAsync(
            request,
            new RerankList
            {
                Model = body.Model,
                Results = RerankItem.Of(body, result),
                Usage = new UsageWire
                {
                    PromptTokens = result.PromptTokenCount,
                    TotalTokens = result.PromptTokenCount,
                },
            },
            OpenAiJson.Default.RerankList);
    }
}
